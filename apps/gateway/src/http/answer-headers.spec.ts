import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, GatewayError } from '@penstock/contracts';
import { emptyConfig } from '../config/compile-config.ts';
import { errorHeaders } from './answer-headers.ts';
import { RequestContext } from './request-context.ts';

const headerOf = (name: string, code: ErrorCode, retryAfterMs?: number) => {
  const ids = { id: 'i', requestId: 'r' };
  const context = new RequestContext({ headers: {} } as IncomingMessage, {} as ServerResponse, emptyConfig([]), ids);
  const headers = errorHeaders(
    context,
    new GatewayError(code, 'x', retryAfterMs === undefined ? {} : { retryAfterMs }),
  );
  const index = headers.indexOf(name);
  return index < 0 ? null : headers[index + 1];
};

describe('retry-after', () => {
  it.each([
    ['rate_limit_exceeded', undefined, '1'],
    ['rate_limit_exceeded', 2500, '3'],
    ['overloaded', undefined, '1'],
    ['insufficient_quota', undefined, null],
    ['upstream_error', undefined, null],
  ] as const)('of %s after %p ms is %p', (code, retryAfterMs, expected) => {
    expect(headerOf('retry-after', code, retryAfterMs)).toBe(expected);
  });
});

describe('x-should-retry', () => {
  it.each([
    ['invalid_api_key', 'false'],
    ['team_suspended', 'false'],
    ['insufficient_quota', 'false'],
    ['rate_limit_exceeded', null],
    ['overloaded', null],
    ['model_not_found', null],
  ] as const)('of %s is %p', (code, expected) => {
    expect(headerOf('x-should-retry', code)).toBe(expected);
  });
});
