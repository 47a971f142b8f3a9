import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { CompiledProvider } from '../config/compiled-config.ts';
import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { HeaderList } from '../http/write-response.ts';

/** They belong to one connection (RFC 9110 §7.6.1), or are written anew. */
const HOP_BY_HOP = [
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What says who the caller is, whose account pays, or where the request has been. */
const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  'api-key',
  'authorization',
  'cookie',
  'cookie2',
  'forwarded',
  'ocp-apim-subscription-key',
  'openai-organization',
  'openai-project',
  'via',
  'x-api-key',
  'x-goog-api-key',
  'x-goog-user-project',
  'x-provider',
  'x-real-ip',
  'x-request-id',
]);
const NOT_FORWARDED_PREFIX = /^(?:x-penstock-|x-forwarded-|x-amz-)/;

/** What a vendor says of its connection, of its own host, or of the account. */
const NOT_RETURNED = new Set([
  ...HOP_BY_HOP,
  'alt-svc',
  'anthropic-organization-id',
  'clear-site-data',
  'openai-organization',
  'openai-project',
  'request-id',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'via',
  'x-request-id',
]);
const NOT_RETURNED_PREFIX = /^(?:access-control-|x-penstock-|x-ratelimit-)/;

/** What may stand in a header; Node refuses to write anything else. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The caller's headers as a vendor may see them, with the provider's credential: names and values in turn. */
export function relayedHeaders(context: RequestContext, provider: CompiledProvider): HeaderList {
  const { request, policies } = context;
  const { auth, keepsHost } = provider;
  const credential = auth?.header.toLowerCase();
  const headers = callersHeaders(request, [credential, policies?.credential?.header]);
  const length = request.headers['content-length'];
  if (length !== undefined && length !== '0') headers.push('content-length', length);
  headers.push('x-request-id', context.requestId);
  if (auth && credential !== undefined) headers.push(credential, auth.value);
  policies?.editUpstreamHeaders(headers, credential);
  if (keepsHost) headers.push('host', request.headers.host ?? '');
  return headers;
}

function callersHeaders(
  { headers: { connection }, rawHeaders }: IncomingMessage,
  credentials: readonly (string | undefined)[],
): HeaderList {
  const left = new Set([...namedByConnection(connection), ...credentials]);
  const headers: HeaderList = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (left.has(name) || NOT_FORWARDED.has(name) || NOT_FORWARDED_PREFIX.test(name)) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  return headers;
}

/** The query without what opens the gateway, or another account of the vendor: '' or with its `?`. */
export function relayedQuery(query: string, { policies }: RequestContext, { adapter }: CompiledProvider): string {
  const credential = policies?.credential ?? null;
  const secret = credential && credential.header === undefined ? credential.value : '';
  if (query === '' || (secret === '' && adapter.template !== 'gemini')) return query;
  const kept = query
    .slice(1)
    .split('&')
    .filter((parameter) => {
      const [[name = '', value = ''] = []] = new URLSearchParams(parameter);
      if (adapter.template === 'gemini' && (name === 'key' || name === 'access_token')) return false;
      return secret === '' || !value.includes(secret);
    });
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** The vendor's headers as the caller may see them, with the gateway's own. Policies decide over both. */
export function relayAnswerHeaders(context: RequestContext, received: IncomingHttpHeaders): HeaderList {
  const headers = ownHeaders(context, received['content-type'] ?? '');
  const left = decidedHere(context, headers, received);
  for (const [name, value = []] of Object.entries(received)) {
    if (left.has(name) || NOT_RETURNED.has(name) || NOT_RETURNED_PREFIX.test(name)) continue;
    for (const one of [value].flat()) if (HEADER_VALUE.test(one)) headers.push(name, one);
  }
  const length = received['content-length'];
  if (length !== undefined) headers.push('content-length', length);
  return headers;
}

/** Names of headers that are not taken from the vendor, beside those that never are. */
function decidedHere(
  { policies }: RequestContext,
  headers: HeaderList,
  { connection }: IncomingHttpHeaders,
): ReadonlySet<string> {
  const names = headers.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return new Set([
    'content-type',
    ...names,
    ...namedByConnection(connection),
    ...(policies?.answerHeaders.keys() ?? []),
  ]);
}

/** No model was asked, and what has no content has no type: what is empty is left out. */
function ownHeaders(context: RequestContext, type: string): HeaderList {
  const own = answerHeaders(context, HEADER_VALUE.test(type) ? type : '');
  return own.filter((_text, index) => own[index - (index % 2) + 1] !== '');
}

function namedByConnection(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(',').map((name) => name.trim().toLowerCase());
}
