import { geminiCodec } from '@penstock/dialects';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader, versionUnlessPresent } from '../http/base-url.ts';
import { outgoingHeaders, outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { tokenCountReader } from '../http/token-count-reader.ts';
import type { ProviderAdapter, UpstreamCall } from '../provider-adapter.ts';
import { geminiDialectFor } from './dialect-for.ts';
import { geminiPath, geminiResource } from './request-path.ts';

const USUAL_VERSION = 'v1beta';
/** At Vertex AI the models of a publisher stand deep in the path, behind a version. */
const readerFor = (version: string): ReturnType<typeof baseUrlReader> => {
  const withVersion = versionUnlessPresent(version);
  return baseUrlReader((path) => (/\/publishers\/[^/]+$/.test(path) ? path : withVersion(path)));
};
const readers = new Map([[USUAL_VERSION, readerFor(USUAL_VERSION)]]);

/** Google's Gemini API. */
export const geminiAdapter: ProviderAdapter = {
  template: 'gemini',
  dialectFor: geminiDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call);
    const headers = call.operation === 'embeddings' ? bearerHeaders(call) : outgoingHeadersWithAuth(call);
    return simpleRequest(call, { origin, path: prefix + geminiPath(call), headers });
  },
  readError: upstreamErrorReader(geminiCodec, 'kept'),
  adjustBody(body, { operation, upstreamModel, translated }) {
    if (operation !== 'count-tokens' || !translated) return body;
    return { generateContentRequest: { model: geminiResource(upstreamModel), ...body } };
  },
  readTokenCount: tokenCountReader('totalTokens'),
};

/** Versions come from the configuration, so they are few. */
function readBaseUrl({ baseUrl, apiVersion }: UpstreamCall): ReturnType<ReturnType<typeof baseUrlReader>> {
  const version = apiVersion ?? USUAL_VERSION;
  const known = readers.get(version) ?? readerFor(version);
  readers.set(version, known);
  return known(baseUrl);
}

/** The compatible endpoint knows the key as a bearer token only. */
function bearerHeaders(call: UpstreamCall): string[] {
  const headers = outgoingHeaders(call);
  if (call.auth) headers.push('authorization', `Bearer ${call.auth.value.replace(/^Bearer /i, '')}`);
  return headers;
}
