import { openAiChatCodec } from '@penstock/dialects';
import { chatBodyFitter } from '../chat-body/chat-body-fitter.ts';
import { restrictionReader } from '../chat-body/chat-restrictions.ts';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader } from '../http/base-url.ts';
import { outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { tokenCountReader } from '../http/token-count-reader.ts';
import { countTokensBody } from '../openai/count-tokens-body.ts';
import { openAiDialectFor } from '../openai/dialect-for.ts';
import type { BodyCall, ProviderAdapter } from '../provider-adapter.ts';
import { azurePath } from './request-path.ts';

const readBaseUrl = baseUrlReader((path) => path);
const fitter = chatBodyFitter(restrictionReader('all'));

/** A dated version. */
const DATED = /^\d{4}-\d{2}-\d{2}/;
/** The first dated version that can be asked for the usage of a stream; those before refuse the field. */
const FIRST_WITH_STREAM_OPTIONS = '2024-09-01';

/** Without it the usage of a stream is estimated. */
function lacksStreamOptions({ stream, apiVersion }: BodyCall): boolean {
  return stream && typeof apiVersion === 'string' && DATED.test(apiVersion) && apiVersion < FIRST_WITH_STREAM_OPTIONS;
}

/** OpenAI's models at Azure, under the names of their deployments. */
export const azureOpenAiAdapter: ProviderAdapter = {
  template: 'azure-openai',
  dialectFor: openAiDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    return simpleRequest(call, { origin, path: azurePath(prefix, call), headers: outgoingHeadersWithAuth(call) });
  },
  readError: upstreamErrorReader(openAiChatCodec),
  needsAdjustment: (facts, body, call) => lacksStreamOptions(call) || fitter.needsAdjustment(facts, body, call),
  adjustBody(body, call, warnings) {
    if (call.operation === 'count-tokens') return countTokensBody(body);
    const fitted = fitter.adjustBody(body, call, warnings);
    if (!lacksStreamOptions(call)) return fitted;
    const { stream_options: _, ...rest } = fitted;
    return rest;
  },
  readTokenCount: tokenCountReader('input_tokens'),
};
