import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import { readFault, renderError, renderErrorFrame } from './errors.ts';

const TYPE = 'type.googleapis.com/google.rpc.';
const body = (error: object) => JSON.stringify({ error });
const read = (status: number, error: object) => readFault(status, body(error));

describe("Google's errors", () => {
  it('come bare and within a list', () => {
    const error = { code: 400, message: 'Wrong.', status: 'INVALID_ARGUMENT' };
    const fault = { fault: 'bad-request', message: 'Wrong.', type: 'INVALID_ARGUMENT', code: null, param: null };
    expect(readFault(400, body(error))).toEqual(fault);
    expect(readFault(400, `[${body(error)}]`)).toEqual(fault);
  });

  it.each(['', '<html>', '{}', '[]', '{"candidates":[]}', 'null'])('are not found in %j', (text) => {
    expect(readFault(502, text)).toBeNull();
  });

  it.each([
    ['34.4s', 34_400],
    ['35s', 35_000],
    ['373.8ms', 374],
    ['1h2m3s', 3_723_000],
    ['soon', undefined],
  ])('say in RetryInfo to wait %s', (retryDelay, expected) => {
    const details = [{ '@type': `${TYPE}RetryInfo`, retryDelay }];
    const fault = read(429, { code: 429, message: 'Slow down.', status: 'RESOURCE_EXHAUSTED', details });
    expect([fault?.fault, fault?.retryAfterMs]).toEqual(['rate-limit', expected]);
  });

  it.each([
    ['Please retry in 26.66s.', 26_660],
    ['Please retry in 5m30s.', 330_000],
  ])('say in words to wait: %s', (message, expected) => {
    expect(read(429, { code: 429, message })?.retryAfterMs).toBe(expected);
  });

  it("tell a quota's reset in the metadata", () => {
    const details = [{ '@type': `${TYPE}ErrorInfo`, reason: 'RATE', metadata: { quotaResetDelay: '373.8ms' } }];
    expect(read(429, { message: 'm', details })).toMatchObject({ retryAfterMs: 374, code: 'RATE' });
  });

  it('tell a quota of a day from a limit of a minute', () => {
    const details = (quotaId: string) => [{ '@type': `${TYPE}QuotaFailure`, violations: [{ quotaId }] }];
    expect(read(429, { message: 'm', details: details('GenerateRequestsPerDayPerProjectPerModel') })?.fault).toBe(
      'quota',
    );
    expect(read(429, { message: 'm', details: details('GenerateRequestsPerMinutePerProject') })?.fault).toBe(
      'rate-limit',
    );
  });

  it('name the field that is at fault', () => {
    const details = [{ '@type': `${TYPE}BadRequest`, fieldViolations: [{ field: 'contents[0]' }] }];
    expect(read(400, { message: 'm', details })?.param).toBe('contents[0]');
  });

  it.each([
    [400, { details: [{ '@type': `${TYPE}ErrorInfo`, reason: 'API_KEY_INVALID' }] }, 'authentication'],
    [400, { message: 'API key not valid. Please pass a valid API key.' }, 'authentication'],
    [400, { message: 'The input token count (9) exceeds the maximum number of tokens allowed (5).' }, 'context-length'],
    [401, {}, 'authentication'],
    [403, {}, 'permission'],
    [404, {}, 'not-found'],
    [409, {}, 'conflict'],
    [413, {}, 'too-large'],
    [503, {}, 'overloaded'],
    [504, {}, 'timeout'],
    [500, {}, 'upstream'],
    [418, {}, 'bad-request'],
  ] as const)('of status %d with %j are of class %s', (status, error, fault) => {
    expect(read(status, { message: 'm', ...error })?.fault).toBe(fault);
  });

  it.each([
    [{ code: 503, message: 'm' }, 'overloaded'],
    [{ status: 'RESOURCE_EXHAUSTED', message: 'm' }, 'rate-limit'],
    [{ message: 'm' }, 'upstream'],
  ])("within a success's body count by what they say themselves: %j", (error, fault) => {
    expect(read(200, error)?.fault).toBe(fault);
  });

  it('are written with code, message, status and details', () => {
    const error = new GatewayError('rate_limit_exceeded', 'Too fast.', { retryAfterMs: 1500, param: 'x' });
    const rendered = {
      error: {
        code: 429,
        message: 'Too fast.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': `${TYPE}ErrorInfo`,
            reason: 'RATE_LIMIT_EXCEEDED',
            domain: 'penstock',
            metadata: { requestId: 'r1', field: 'x' },
          },
          { '@type': `${TYPE}RetryInfo`, retryDelay: '2s' },
        ],
      },
    };
    expect(renderError(error, 'r1')).toEqual(rendered);
    expect(renderErrorFrame(error, 'r1')).toBe(`data: ${JSON.stringify(rendered)}\n\n`);
    expect(readFault(429, JSON.stringify(rendered))).toMatchObject({ fault: 'rate-limit', retryAfterMs: 2000 });
  });

  it.each([
    ['NOT_FOUND', 404, 'NOT_FOUND'],
    ['not_found_error', 404, 'NOT_FOUND'],
    ['invalid_request_error', 400, 'INVALID_ARGUMENT'],
    ['FAILED_PRECONDITION', 400, 'FAILED_PRECONDITION'],
    ['request_too_large', 413, 'INVALID_ARGUMENT'],
  ])('call a fault of type %s and status %i %s', (type, status, name) => {
    const error = new GatewayError('upstream_client_error', 'm', { status, upstream: { type, code: null } });
    expect(renderError(error, 'r')).toMatchObject({ error: { code: status, status: name } });
  });
});
