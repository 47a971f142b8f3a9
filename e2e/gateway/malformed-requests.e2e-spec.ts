import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { rawRequest } from './support/raw-request.ts';
import { answerWell, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

const MAX_BODY = 200_000;
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key = '';
let expired = '';
let elsewhere = '';

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  config.proxy('root', '/', [config.provider('lab', upstream.url, { models: ['m', 'a'] })]);
  key = config.key('app', { models: ['m', 'a'] });
  expired = config.key('expired', { expiresAt: new Date(Date.now() - 90_000).toISOString() });
  elsewhere = config.key('elsewhere', { ipAllowList: ['10.0.0.0/8', '2001:db8::1'] });
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url, PENSTOCK_MAX_BODY_BYTES: String(MAX_BODY) });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

const GOOD = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
const PATH = '/v1/chat/completions';

interface Parts {
  readonly line?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  readonly noLength?: boolean;
  readonly noType?: boolean;
  readonly noKey?: boolean;
}

function request({
  line = `POST ${PATH} HTTP/1.1`,
  host = 'Host: gw',
  headers = [],
  body = GOOD,
  ...without
}: Parts): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const head = [line, host, ...headers];
  if (!without.noKey) head.push(`Authorization: Bearer ${key}`);
  if (!without.noType) head.push('Content-Type: application/json');
  if (!without.noLength) head.push(`Content-Length: ${bytes.length}`);
  return Buffer.concat([Buffer.from(`${head.filter(Boolean).join('\r\n')}\r\n\r\n`), bytes]);
}

const chat = (extra: object) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...extra });
const nested = (depth: number) => `{"model":"m","messages":[],"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const chunked = (...lines: string[]): Parts => ({
  noLength: true,
  headers: ['Transfer-Encoding: chunked'],
  body: lines.join(''),
});

/** What it is, the request, status and code. */
const WIRE: readonly (readonly [string, Parts, number | null, string | null])[] = [
  ['Content-Length and Transfer-Encoding', { headers: ['Transfer-Encoding: chunked'] }, 400, 'invalid_request'],
  ['unknown Transfer-Encoding', { noLength: true, headers: ['Transfer-Encoding: xchunked'] }, 400, 'invalid_request'],
  ['chunked, identity', { noLength: true, headers: ['Transfer-Encoding: chunked, identity'] }, 400, 'invalid_request'],
  [
    'two Transfer-Encodings',
    { noLength: true, headers: ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'] },
    400,
    'invalid_request',
  ],
  ['two equal Content-Lengths', { headers: [`Content-Length: ${GOOD.length}`] }, 400, 'invalid_request'],
  ['two different Content-Lengths', { headers: ['Content-Length: 3'] }, 400, 'invalid_request'],
  ['a list of lengths', { noLength: true, headers: ['Content-Length: 2, 2'] }, 400, 'invalid_request'],
  ['a signed length', { noLength: true, headers: ['Content-Length: +57'] }, 400, 'invalid_request'],
  ['a negative length', { noLength: true, headers: ['Content-Length: -1'] }, 400, 'invalid_request'],
  [
    'an overflowing length',
    { noLength: true, headers: ['Content-Length: 99999999999999999999999'] },
    400,
    'invalid_request',
  ],
  ['an overflowing chunk size', chunked('FFFFFFFFFFFFFFFFF\r\n', 'x\r\n0\r\n\r\n'), 400, 'invalid_request'],
  ['a huge chunk extension', chunked(`5;${'x'.repeat(20_000)}\r\n`, '{"a":\r\n0\r\n\r\n'), 413, 'payload_too_large'],
  ['chunk lines ended by LF', chunked('5\n{"a":\n0\n\n'), 400, 'invalid_request'],
  ['a folded header', { headers: ['X-A: a\r\n b'] }, 400, 'invalid_request'],
  ['a bare CR in a value', { headers: ['X-A: a\rb'] }, 400, 'invalid_request'],
  ['NUL in a value', { headers: ['X-A: a\0b'] }, 400, 'invalid_request'],
  ['space before the colon', { headers: ['X-A : a'] }, 400, 'invalid_request'],
  ['no Host', { host: '' }, 400, 'invalid_request'],
  ['two Hosts', { headers: ['Host: other'] }, 400, 'invalid_request'],
  ['a Host with a path and a user', { host: 'Host: gw:4000/#@attacker.example' }, 400, 'invalid_request'],
  ['an absolute target', { line: `POST http://evil.com${PATH} HTTP/1.1` }, 400, 'invalid_request'],
  ['a path that begins with //', { line: 'GET //evil.com/v1/models HTTP/1.1' }, 404, 'not_found'],
  ['dot segments', { line: 'GET /v1/../admin HTTP/1.1' }, 400, 'invalid_request'],
  ['encoded dot segments', { line: 'GET /v1/%2e%2e/admin/keys HTTP/1.1' }, 400, 'invalid_request'],
  ['a path parameter', { line: 'GET /v1/..;/admin HTTP/1.1' }, 400, 'invalid_request'],
  ['a path that ends with /', { line: `POST ${PATH}/ HTTP/1.1` }, 404, 'not_found'],
  ['bytes that are no text in the path', { line: 'GET /v1/\xff\xfe HTTP/1.1' }, 400, 'invalid_request'],
  ['a very long path', { line: `GET /${'a'.repeat(3000)} HTTP/1.1` }, 414, 'invalid_request'],
  ['HTTP/1.0', { line: `POST ${PATH} HTTP/1.0` }, 505, 'invalid_request'],
  ['a lower-case method', { line: `post ${PATH} HTTP/1.1` }, 400, 'invalid_request'],
  ['the preface of HTTP/2', { line: 'PRI * HTTP/2.0' }, 400, 'invalid_request'],
  ['CONNECT', { line: 'CONNECT host:443 HTTP/1.1' }, 405, 'method_not_allowed'],
  ['TRACE', { line: `TRACE ${PATH} HTTP/1.1` }, 405, 'method_not_allowed'],
  ['an unknown expectation', { headers: ['Expect: foo'] }, 417, 'invalid_request'],
  ['headers of 20 KiB', { headers: [`X-A: ${'a'.repeat(20_000)}`] }, 431, 'headers_too_large'],
  ['150 headers', { headers: Array.from({ length: 150 }, (_, index) => `X-${index}: a`) }, 431, 'headers_too_large'],
  ['two Authorizations', { headers: ['Authorization: Bearer other'] }, 400, 'invalid_request'],
  ['two x-api-keys', { headers: ['X-Api-Key: a', 'X-Api-Key: b'] }, 400, 'invalid_request'],
  ['two credentials', { headers: ['X-Api-Key: other'] }, 400, 'ambiguous_credentials'],
  ['a body that is too large', { body: `{"x":"${'x'.repeat(MAX_BODY)}"}` }, 413, 'payload_too_large'],
  [
    'a chunked body that is too large',
    chunked(...Array.from({ length: 30 }, () => `2710\r\n${'x'.repeat(10_000)}\r\n`)),
    413,
    'payload_too_large',
  ],
];

const AUTHENTICATION: typeof WIRE = [
  ['no credential', { noKey: true }, 401, 'missing_api_key'],
  ['an empty bearer', { noKey: true, headers: ['Authorization: Bearer '] }, 401, 'missing_api_key'],
  ['the Basic scheme', { noKey: true, headers: ['Authorization: Basic dXNlcjpwYXNz'] }, 401, 'invalid_api_key'],
  ['a malformed key', { noKey: true, headers: ['Authorization: Bearer psk_x'] }, 401, 'invalid_api_key'],
  ['an SQL injection', { noKey: true, headers: ["Authorization: Bearer ' OR '1'='1"] }, 401, 'invalid_api_key'],
  ['a key of 8 KiB', { noKey: true, headers: [`Authorization: Bearer ${'a'.repeat(8192)}`] }, 401, 'invalid_api_key'],
  ['a key in the query', { noKey: true, line: `POST ${PATH}?api_key=psk_a HTTP/1.1` }, 401, 'missing_api_key'],
];

const ENCODING: typeof WIRE = [
  ['text/plain', { noType: true, headers: ['Content-Type: text/plain'] }, 415, 'unsupported_media_type'],
  ['no type', { noType: true }, 415, 'unsupported_media_type'],
  [
    'a type with an empty parameter',
    { noType: true, headers: ['Content-Type: application/json;'] },
    415,
    'unsupported_media_type',
  ],
  [
    'another charset',
    { noType: true, headers: ['Content-Type: application/json; charset=utf-16'] },
    415,
    'unsupported_media_type',
  ],
  ['gzip', { headers: ['Content-Encoding: gzip'] }, 415, 'unsupported_media_type'],
  ['an empty body', { body: '' }, 400, 'invalid_json'],
  ['truncated JSON', { body: GOOD.slice(0, -1) }, 400, 'invalid_json'],
  ['JSON and more', { body: `${GOOD}{}` }, 400, 'invalid_json'],
  ['invalid UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, 400, 'invalid_utf8'],
  ['a byte order mark', { body: `\ufeff${GOOD}` }, 400, 'invalid_json'],
  ['an array', { body: '[]' }, 400, 'invalid_request'],
  ['a string', { body: '"x"' }, 400, 'invalid_request'],
  ['the model twice', { body: '{"model":"a","model":"m","messages":[{}]}' }, 400, 'invalid_request'],
  [
    'the model twice, once escaped',
    { body: '{"model":"m","mod\\u0065l":"forbidden","messages":[{}]}' },
    400,
    'invalid_request',
  ],
  ['NaN', { body: '{"model":"m","messages":[{}],"x":NaN}' }, 400, 'invalid_json'],
  ['a comment', { body: '{"model":"m",/**/"messages":[{}]}' }, 400, 'invalid_json'],
  ['depth 65', { body: nested(64) }, 400, 'json_too_deep'],
  ['depth 50,000', { body: nested(50_000) }, 400, 'json_too_deep'],
  [
    'many members',
    { body: `{"model":"m","messages":[{}],${Array.from({ length: 1200 }, (_, index) => `"k${index}":1`).join()}}` },
    400,
    'json_too_complex',
  ],
];

const MEANING: typeof WIRE = [
  ['no model', { body: '{"messages":[{}]}' }, 400, 'missing_required_parameter'],
  ['an escaped key for another model', { body: '{"mod\\u0065l":"forbidden","messages":[{}]}' }, 404, 'model_not_found'],
  ['no messages', { body: '{"model":"m"}' }, 400, 'missing_required_parameter'],
  ['messages of a wrong type', { body: '{"model":"m","messages":{}}' }, 400, 'invalid_type'],
  ['a number as model', { body: chat({ model: 7 }) }, 400, 'invalid_type'],
  ['an unknown model', { body: chat({ model: 'nope' }) }, 404, 'model_not_found'],
  ['a model with a line break', { body: chat({ model: 'm\r\nx: y' }) }, 400, 'invalid_request'],
  ['n = 129', { body: chat({ n: 129 }) }, 400, 'invalid_request'],
  ['an n that overflows', { body: GOOD.replace('{', '{"n":18446744073686646784,') }, 400, 'invalid_request'],
  ['max_tokens = 1e400', { body: GOOD.replace('{', '{"max_tokens":1e400,') }, 400, 'invalid_request'],
  ['max_tokens = -1', { body: chat({ max_tokens: -1 }) }, 400, 'invalid_request'],
  ['stream: "true"', { body: chat({ stream: 'true' }) }, 400, 'invalid_type'],
  ...['api_base', 'base_url', 'api_key', 'extra_headers', 'fallbacks', 'mock_response', 'custom_llm_provider'].map(
    (name): (typeof WIRE)[number] => [name, { body: chat({ [name]: 'http://evil' }) }, 400, 'unknown_parameter'],
  ),
];

describe.each([
  ['wire', WIRE],
  ['authentication', AUTHENTICATION],
  ['encoding', ENCODING],
  ['meaning', MEANING],
])('malformed requests: %s', (_group, table) => {
  it.each(table)('%s', async (_name, parts, status, code) => {
    const before = upstream.received.length;
    const answer = await rawRequest(gateway.port, request(parts));
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.text).not.toMatch(/at .*\.ts|node:internal/);
    expect(upstream.received).toHaveLength(before);
  });
});

describe('keys that do not count', () => {
  it.each([
    ['an expired one', () => expired, 401, 'invalid_api_key'],
    ['one from another address', () => elsewhere, 403, 'ip_not_allowed'],
  ])('%s', async (_name, secret, status, code) => {
    const response = await gateway.post(PATH, secret(), JSON.parse(GOOD));
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      status,
      code,
    ]);
  });
});

describe('requests that are cut', () => {
  it('does not call the upstream for half a body', async () => {
    const before = upstream.received.length;
    const answer = await rawRequest(gateway.port, request({ body: GOOD }).subarray(0, -10), { end: true });
    expect([null, 400]).toContain(answer.status);
    expect(upstream.received).toHaveLength(before);
  });

  it('ends a head that comes byte by byte', async () => {
    const answer = await rawRequest(gateway.port, 'POST /v1/chat/completions HTTP/1.1\r\nHost: gw\r\nX-', {
      timeoutMs: 13_000,
    });
    expect([answer.status, answer.code]).toEqual([408, 'request_timeout']);
  });

  it('answers pipelined requests in their order', async () => {
    upstream.script = async (received, response) => {
      if (received.headers['x-request-id'] === 'one') await delay(20);
      answerWell(received, response);
    };
    const first = request({ headers: ['X-Request-Id: one'] });
    const second = request({ headers: ['X-Request-Id: two', 'Connection: close'] });
    const answer = await rawRequest(gateway.port, Buffer.concat([first, second]));
    upstream.script = answerWell;
    expect(answer.headers).toContain('x-request-id: one');
  });

  it('still serves afterwards', async () => {
    expect((await gateway.post(PATH, key, JSON.parse(GOOD))).status).toBe(200);
    expect(gateway.output).not.toContain('a request failed');
  });
});
