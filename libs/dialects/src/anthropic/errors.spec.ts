import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type ErrorCode, GatewayError } from '@penstock/contracts';
import { anthropicStatusOf, readFault, renderError, renderErrorFrame } from './errors.ts';
import { gatewayErrorOf } from './faults.ts';
import { isErrorType } from './schema.ts';

const error = (type: string, message = 'm'): string =>
  JSON.stringify({ type: 'error', error: { type, message }, request_id: 'r' });

describe('errors in the dialect of Anthropic', () => {
  it('render type, message and the id of the request', () => {
    expect(renderError(new GatewayError('invalid_type', 'Wrong.', { param: 'n' }), 'req_1')).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'Wrong.' },
      request_id: 'req_1',
    });
  });

  it('have a type that Anthropic knows, whatever the code', () => {
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const body = renderError(new GatewayError(code, 'm'), 'r') as { error: { type: string } };
      expect([code, isErrorType(body.error.type)]).toEqual([code, true]);
    }
  });

  it.each([
    ['insufficient_quota', 402, 'billing_error'],
    ['overloaded', 529, 'overloaded_error'],
    ['rate_limit_exceeded', 429, 'rate_limit_error'],
    ['model_not_found', 404, 'not_found_error'],
    ['payload_too_large', 413, 'request_too_large'],
    ['upstream_timeout', 504, 'timeout_error'],
    ['upstream_auth_error', 502, 'api_error'],
  ] as const)('%s is %d %s', (code, status, type) => {
    const failure = new GatewayError(code, 'm');
    expect([anthropicStatusOf(failure), renderError(failure, 'r')['error']]).toEqual([status, { type, message: 'm' }]);
  });

  it("relay the vendor's type of a caller's own mistake, and no other dialect's", () => {
    const relayed = (type: string) =>
      renderError(new GatewayError('upstream_client_error', 'm', { upstream: { type, code: null } }), 'r')['error'];
    expect(relayed('conflict_error')).toEqual({ type: 'conflict_error', message: 'm' });
    expect(relayed('BadRequestError')).toEqual({ type: 'invalid_request_error', message: 'm' });
  });

  it.each([
    [404, 'not_found_error'],
    [413, 'request_too_large'],
  ])('tell a %s by its own type where the vendor has one type for all', (status, type) => {
    const upstream = { type: 'invalid_request_error', code: 'model_not_found' };
    const failure = new GatewayError('upstream_client_error', 'm', { upstream, status });
    expect(renderError(failure, 'r')['error']).toEqual({ type, message: 'm' });
  });

  it('say of a prompt that is too long what Claude Code looks for', () => {
    const upstream = { type: null, code: 'context_length_exceeded' };
    const message = (text: string) =>
      (
        renderError(new GatewayError('upstream_client_error', text, { upstream }), 'r') as {
          error: { message: string };
        }
      ).error.message;
    expect(message('Maximum context length is 9.')).toBe('prompt is too long: Maximum context length is 9.');
    expect(message('prompt is too long: 9 > 8')).toBe('prompt is too long: 9 > 8');
  });

  it('are the last frame of a stream', () => {
    expect(renderErrorFrame(new GatewayError('upstream_error', 'm'), 'r')).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"m"},"request_id":"r"}\n\n',
    );
  });
});

describe('readFault of Anthropic', () => {
  it.each([
    [400, error('invalid_request_error'), 'bad-request'],
    [400, error('invalid_request_error', 'prompt is too long: 200001 tokens > 200000 maximum'), 'context-length'],
    [400, error('invalid_request_error', 'Output blocked by content filtering policy'), 'content-filter'],
    [400, error('invalid_request_error', 'Your credit balance is too low to access the API'), 'quota'],
    [401, error('authentication_error'), 'authentication'],
    [402, error('billing_error'), 'quota'],
    [403, error('permission_error'), 'permission'],
    [404, error('not_found_error'), 'not-found'],
    [413, error('request_too_large'), 'too-large'],
    [429, error('rate_limit_error'), 'rate-limit'],
    [500, error('api_error'), 'upstream'],
    [504, error('timeout_error'), 'timeout'],
    [529, error('overloaded_error'), 'overloaded'],
    [529, error('api_error'), 'overloaded'],
    [422, error('something_new'), 'bad-request'],
    [200, error('constructor'), 'upstream'],
    [503, '{"error":{"type":"overloaded_error","message":"m"}}', 'overloaded'],
  ])('%d %s is %s', (status, body, fault) => {
    expect(readFault(status, body)).toMatchObject({ fault, code: null, param: null });
  });

  it.each(['<html>', '{}', 'null', '[]', '{"type":"error"}', '{"error":{"type":"BadRequestError","message":"m"}}'])(
    'leaves %s to others',
    (body) => expect(readFault(502, body)).toBeNull(),
  );
});

describe('gatewayErrorOf', () => {
  const fault = (kind: Parameters<typeof gatewayErrorOf>[0]['fault']) =>
    gatewayErrorOf({ fault: kind, message: 'vendor says', type: 't', code: null, param: null, retryAfterMs: 5 });

  it.each([
    ['bad-request', 400, 'vendor says'],
    ['not-found', 404, 'vendor says'],
    ['too-large', 413, 'vendor says'],
    ['conflict', 409, 'vendor says'],
    ['rate-limit', 429, 'The upstream limits its rate.'],
    ['overloaded', 529, 'The upstream is overloaded.'],
    ['timeout', 504, 'The upstream did not answer in time.'],
    ['upstream', 502, 'The upstream reported an error.'],
  ] as const)('%s is %d', (kind, status, message) => {
    expect([fault(kind).status, fault(kind).message, fault(kind).retryAfterMs]).toEqual([status, message, 5]);
  });

  it.each(['authentication', 'permission', 'quota'] as const)("takes %s for the gateway's own trouble", (kind) => {
    expect(fault(kind)).toMatchObject({ code: 'upstream_auth_error', status: 502 });
    expect(fault(kind).message).not.toContain('vendor');
  });
});
