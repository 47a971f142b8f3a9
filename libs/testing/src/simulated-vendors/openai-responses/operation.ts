import { modelOf } from '../model-of.ts';
import { checkBody } from '../checked.ts';
import type { Handled, VendorRequest } from '../vendor.ts';
import { readAsked } from './read-asked.ts';
import { ResponseWriter } from './response-writer.ts';
import { checkResponses } from './rules.ts';
import { ResponsesRequest } from './schema.ts';

/** `POST /v1/responses`, which Azure serves as well. */
export function handleResponses(request: VendorRequest): Handled {
  const { body, violations } = checkBody(ResponsesRequest, request.body, checkResponses);
  if (!body) return { kind: 'invalid', model: modelOf(request.body), violations };
  return { kind: 'generate', asked: readAsked(body, request.rawBody.length), writer: new ResponseWriter(body) };
}
