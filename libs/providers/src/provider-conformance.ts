import { describe, expect, it } from '@jest/globals';
import { type Dialect, type GatewayError, ModelProfile, Operation } from '@penstock/contracts';
import { defaultProfile } from '@penstock/dialects';
import type { ProviderAdapter, UpstreamCall } from './provider-adapter.ts';

/** What an adapter's spec says of its vendor. */
export interface ConformanceCase {
  readonly adapter: ProviderAdapter;
  /** The dialect of its conversations. */
  readonly dialect: Dialect;
  /** Base URLs, and where a chat without streaming goes with each. */
  readonly urls: readonly (readonly [baseUrl: string, url: string])[];
  /** The credential as an admin stores it, and the headers by which it is sent (lower-case). */
  readonly credential: { readonly header: string; readonly value: string };
  readonly sent: Readonly<Record<string, string>>;
  /** Headers of the vendor's own beyond those that every request has. */
  readonly ownHeaders?: readonly string[];
  /** A refused request as the vendor words it. */
  readonly refusal: { readonly body: string; readonly message: string };
}

const COMMON = ['accept', 'accept-encoding', 'user-agent', 'x-request-id'];
/** Nothing of this may reach an upstream. */
const HOSTILE_HEADERS = {
  authorization: 'Bearer psk_callers-own',
  'x-api-key': 'psk_callers-own',
  cookie: 'session=1',
  host: 'elsewhere',
  'x-forwarded-for': '10.0.0.1',
  'x-provider': 'other',
  'content-length': '7',
};

/** A call with which every adapter can build a request. */
export function upstreamCall(dialect: Dialect, changes: Partial<UpstreamCall> = {}): UpstreamCall {
  return {
    operation: 'chat',
    dialect,
    baseUrl: 'https://upstream.test',
    apiVersion: null,
    upstreamModel: 'm',
    profile: ModelProfile.parse(defaultProfile(dialect)),
    stream: false,
    body: Buffer.from('{}'),
    auth: null,
    requestId: 'r1',
    clientHeaders: {},
    now: new Date('2026-01-02T03:04:05.678Z'),
    ...changes,
  };
}

/** Headers of a request by their name. */
export function headersOf(headers: readonly string[]): Record<string, string> {
  const pairs = Array.from({ length: headers.length / 2 }, (_, index) => headers.slice(index * 2, index * 2 + 2));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]));
}

/** What holds for every provider adapter. */
export function describeProviderAdapter(name: string, conformance: ConformanceCase): void {
  const { adapter, dialect, credential, sent, ownHeaders = [] } = conformance;
  const call = upstreamCall(dialect, { auth: credential });

  describe(`provider adapter ${name}`, () => {
    it.each(conformance.urls)('joins %s', (baseUrl, url) => {
      const request = adapter.buildRequest({ ...call, baseUrl });
      expect(request.origin + request.path).toBe(url);
    });

    it('sends the credential as the vendor wants it', () => {
      expect(headersOf(adapter.buildRequest(call).headers)).toMatchObject(sent);
    });

    it('sends its own headers and nothing of the caller', () => {
      const request = adapter.buildRequest({ ...call, clientHeaders: HOSTILE_HEADERS });
      const headers = headersOf(request.headers);
      const expected = [...COMMON, 'content-type', ...ownHeaders, ...Object.keys(sent)];
      expect(Object.keys(headers).toSorted()).toEqual(expected.toSorted());
      expect(JSON.stringify(headers)).not.toContain('psk_callers-own');
      expect(headers).toMatchObject({ 'accept-encoding': 'identity', 'x-request-id': 'r1' });
      expect(request).toMatchObject({ method: 'POST', body: call.body });
    });

    it('asks for a stream when one is wanted', () => {
      const headers = headersOf(adapter.buildRequest({ ...call, stream: true }).headers);
      expect(headers['accept']).toMatch(/event-?stream/);
    });

    it('never lets the name of a model lead to another path', () => {
      const pathOf = (upstreamModel: string) => adapter.buildRequest({ ...call, upstreamModel }).path;
      expect(pathOf('a b/../c?d=e#f')).not.toMatch(/\.\.\/|[ #]|\?d=/);
      const depthOf = (upstreamModel: string) => {
        try {
          return new URL(pathOf(upstreamModel), 'https://h').pathname.split('/').length;
        } catch (error) {
          return (error as GatewayError).code;
        }
      };
      for (const name of ['.', '..', 'm/../../files', '%2e%2e']) {
        expect([depthOf('m'), 'model_not_found']).toContain(depthOf(name));
      }
    });

    it('builds a request for every operation that it has, and for no other', () => {
      for (const operation of Operation.options) {
        const spoken = adapter.dialectFor(operation, call.profile);
        if (!spoken) {
          expect(() => adapter.buildRequest({ ...call, operation })).toThrow(TypeError);
          continue;
        }
        const body = operation === 'models' ? null : call.body;
        const request = adapter.buildRequest({ ...call, operation, dialect: spoken, body });
        expect(request.path).toMatch(/^\/[\x21-\x7e]+$/);
        expect(request.method).toBe(operation === 'models' ? 'GET' : 'POST');
      }
    });

    it('speaks its dialect in every conversation, and none that it does not know', () => {
      expect(adapter.dialectFor('chat', call.profile)).toBe(dialect);
      expect(adapter.dialectFor('messages', call.profile)).toBe(dialect);
      const foreign: Dialect = dialect === 'gemini' ? 'anthropic' : 'gemini';
      expect(adapter.dialectFor('chat', { ...call.profile, chatDialect: foreign })).toBeUndefined();
    });

    describeErrors(conformance);
  });
}

function describeErrors({ adapter, refusal }: ConformanceCase): void {
  it.each([
    [400, 'upstream_client_error', 400, false],
    [401, 'upstream_auth_error', 502, true],
    [402, 'upstream_auth_error', 502, true],
    [403, 'upstream_auth_error', 502, true],
    [404, 'upstream_client_error', 404, false],
    [405, 'upstream_error', 502, true],
    [408, 'upstream_timeout', 504, true],
    [409, 'upstream_error', 502, true],
    [413, 'upstream_client_error', 413, false],
    [422, 'upstream_client_error', 422, false],
    [429, 'rate_limit_exceeded', 429, true],
    [500, 'upstream_error', 502, true],
    [502, 'upstream_error', 502, true],
    [503, 'overloaded', 503, true],
    [504, 'upstream_timeout', 504, true],
    [529, 'overloaded', 503, true],
  ])('reads a bare status %i as %s', (status, code, ours, retryable) => {
    const { error, ...read } = adapter.readError(status, {}, '<html>no answer of the vendor</html>');
    expect([error.code, error.status, read.retryable]).toEqual([code, ours, retryable]);
    expect(error.message).not.toContain('html');
  });

  it("passes on why the vendor refused the caller's request", () => {
    expect(adapter.readError(400, {}, refusal.body).error.message).toBe(refusal.message);
  });

  it("keeps to itself what the vendor says of the account's credential, its limits and its own failures", () => {
    for (const status of [401, 403, 429, 500]) {
      expect(adapter.readError(status, {}, refusal.body).error.message).not.toContain(refusal.message);
    }
  });

  it.each([
    [{}, 1000, null],
    [{ 'retry-after': '2' }, 2000, 2000],
    [{ 'retry-after-ms': '150' }, 150, 150],
    [{ 'retry-after': 'garbage' }, 1000, null],
    [{ 'retry-after': '99999999' }, 86_400_000, 86_400_000],
  ])('cools down as %j says', (headers, cooldownMs, retryAfterMs) => {
    const read = adapter.readError(429, headers as Record<string, string>, '');
    expect([read.cooldownMs, read.error.retryAfterMs]).toEqual([cooldownMs, retryAfterMs]);
  });
}
