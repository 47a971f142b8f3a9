import type { CanonicalResponse } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { decodeOutput } from './decode-output.ts';
import { brokenAnswer, faultIn } from './errors.ts';
import { readFinish } from './finish-reason.ts';
import { numberOf, objectsOf, textOf } from './json-fields.ts';
import { readWireUsage } from './wire-usage.ts';

/** Reads a whole answer. Throws `UpstreamFaultError` for an error, a response that failed, and what is no response. */
export function decodeResponse(body: JsonObject, context: DecodeAnswerContext): CanonicalResponse {
  refuseFailure(body);
  const { parts, logprobs } = decodeOutput(objectsOf(body['output']), context);
  const created = numberOf(body['created_at']);
  const serviceTier = textOf(body['service_tier']);
  const finish = readFinish(body, {
    calls: parts.some(({ type }) => type === 'tool-call'),
    refused: parts.some(({ type }) => type === 'refusal'),
  });
  return {
    id: textOf(body['id']) ?? '',
    model: textOf(body['model']) ?? '',
    ...(created !== undefined && { created: Math.trunc(created) }),
    choices: [{ parts, finish, ...(logprobs && { logprobs }) }],
    usage: readWireUsage(body['usage']),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}

function refuseFailure(body: JsonObject): void {
  const fault = faultIn(body);
  if (fault) throw new UpstreamFaultError(fault);
  const { status } = body;
  if (!Array.isArray(body['output']))
    throw new UpstreamFaultError(brokenAnswer('The upstream sent no response object.'));
  if (status === undefined || status === null || status === 'completed' || status === 'incomplete') return;
  const name = textOf(status)?.slice(0, 64) ?? 'unknown';
  throw new UpstreamFaultError(brokenAnswer(`The upstream sent a response with the status '${name}'.`));
}
