import { readBedrockFault } from '@penstock/dialects';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader } from '../http/base-url.ts';
import { outgoingHeaders } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { tokenCountReader } from '../http/token-count-reader.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import { countTokensBody } from './count-tokens-body.ts';
import { bedrockDialectFor } from './dialect-for.ts';
import { bedrockPath } from './request-path.ts';
import { parseAwsCredential, signatureHeaders } from './sign-request.ts';

const readBaseUrl = baseUrlReader((path) => path);
const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** Amazon Bedrock's Converse API, with a bearer API key or with requests that are signed by an access key. */
export const awsBedrockAdapter: ProviderAdapter = {
  template: 'awsbedrock',
  dialectFor: bedrockDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    const headers = outgoingHeaders(call, EVENT_STREAM);
    const request = simpleRequest(call, { origin, path: prefix + bedrockPath(call), headers });
    const credential = call.auth && parseAwsCredential(call.auth.value);
    if (credential) headers.push(...signatureHeaders(request, credential, call.now));
    else if (call.auth) headers.push(call.auth.header, call.auth.value);
    return request;
  },
  readError(status, headers, body) {
    // What went wrong stands in a header; the body holds a message at most.
    const readFault = () => readBedrockFault(status, body, headers['x-amzn-errortype'] ?? null);
    return upstreamErrorReader({ readFault }, 'kept')(status, headers, body);
  },
  adjustBody: (body, { operation }) => (operation === 'count-tokens' ? countTokensBody(body) : body),
  readTokenCount: tokenCountReader('inputTokens'),
};
