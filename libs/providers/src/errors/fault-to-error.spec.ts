import { describe, expect, it } from '@jest/globals';
import type { FaultClass, UpstreamFault } from '@penstock/dialects';
import { faultToError } from './fault-to-error.ts';
import { upstreamErrorReader } from './read-upstream-error.ts';

const fault = (kind: FaultClass, changes: Partial<UpstreamFault> = {}): UpstreamFault => ({
  fault: kind,
  message: 'the vendor says',
  type: 'vendor_type',
  code: 'vendor_code',
  param: null,
  ...changes,
});

describe('faultToError', () => {
  it.each([
    ['bad-request', 'upstream_client_error', 400, false, 'vendor_code'],
    ['context-length', 'upstream_client_error', 400, false, 'context_length_exceeded'],
    ['content-filter', 'upstream_client_error', 400, false, 'content_filter'],
    ['not-found', 'upstream_client_error', 404, false, 'vendor_code'],
    ['too-large', 'upstream_client_error', 413, false, 'vendor_code'],
    ['authentication', 'upstream_auth_error', 502, true, undefined],
    ['permission', 'upstream_auth_error', 502, true, undefined],
    ['quota', 'upstream_auth_error', 502, true, undefined],
    ['rate-limit', 'rate_limit_exceeded', 429, true, undefined],
    ['timeout', 'upstream_timeout', 504, true, undefined],
    ['conflict', 'upstream_error', 502, true, undefined],
    ['overloaded', 'overloaded', 503, true, undefined],
    ['upstream', 'upstream_error', 502, true, undefined],
  ] as const)('makes %s within an answer %s', (kind, ...expected) => {
    const read = faultToError(fault(kind));
    const [, , retryable] = expected;
    expect([read.error.code, read.error.status, read.retryable, read.error.upstream?.code]).toEqual(expected);
    expect(read.error.message === 'the vendor says').toBe(!retryable);
  });

  it("keeps the status that the vendor chose for the caller's mistake, and the field at fault", () => {
    const { error } = faultToError(fault('bad-request', { param: 'messages[0]' }), 422);
    expect([error.status, error.param]).toEqual([422, 'messages[0]']);
    expect(faultToError(fault('context-length'), 413).error.status).toBe(413);
    expect(faultToError(fault('bad-request'), 418).error.status).toBe(400);
  });

  it('leaves an account without means alone for long, and a limited one as long as it says', () => {
    expect(faultToError(fault('quota')).cooldownMs).toBe(900_000);
    expect(faultToError(fault('rate-limit', { retryAfterMs: 70 }))).toMatchObject({
      cooldownMs: 70,
      error: { retryAfterMs: 70 },
    });
    expect(faultToError(fault('bad-request', { retryAfterMs: 70 })).cooldownMs).toBeUndefined();
  });

  it('shortens what goes to the logs', () => {
    const { error } = faultToError(fault('upstream', { message: 'x'.repeat(10_000) }));
    expect(JSON.stringify(error.cause).length).toBeLessThan(3000);
  });
});

describe('upstreamErrorReader', () => {
  const told = (kind: FaultClass) => upstreamErrorReader({ readFault: () => fault(kind) });

  it("trusts the status before a body that blames the caller, or denies the credential's refusal", () => {
    expect(told('bad-request')(500, {}, '').error.code).toBe('upstream_error');
    expect(told('not-found')(401, {}, '').error.code).toBe('upstream_auth_error');
    expect(told('bad-request')(429, {}, '').error.code).toBe('rate_limit_exceeded');
  });

  it('trusts the body where it says more than the status', () => {
    expect(told('authentication')(400, {}, '').error.status).toBe(502);
    expect(told('quota')(429, {}, '').cooldownMs).toBe(900_000);
    expect(told('context-length')(400, {}, '').error.upstream?.code).toBe('context_length_exceeded');
  });

  it('prefers the header to the body for the wait', () => {
    const read = upstreamErrorReader({ readFault: () => fault('rate-limit', { retryAfterMs: 5000 }) });
    expect(read(429, { 'retry-after': '2' }, '').cooldownMs).toBe(2000);
    expect(read(429, {}, '').cooldownMs).toBe(5000);
  });

  it('keeps the words of vendors whose dialect no caller shares', () => {
    const read = upstreamErrorReader({ readFault: () => fault('bad-request') }, 'kept');
    expect(read(400, {}, '').error.upstream).toEqual({ type: null, code: null });
  });
});
