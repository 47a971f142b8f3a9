import { expect } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import type { ExpectedError } from './golden-vector.ts';
import type { VectorClient } from './vector-clients.ts';
import { VECTOR_REQUEST_ID } from './vector-exchange.ts';

/** Fails unless it is an error that the caller of this surface gets with this status, code, param and (where told) body. */
export function expectGatewayError(error: unknown, expected: ExpectedError, client: VectorClient): void {
  if (!(error instanceof GatewayError)) throw error;
  const { status, code, param, body } = expected;
  expect({ status: client.statusOf(error), code: error.code, param: error.param }).toEqual({
    status,
    code,
    param: param ?? null,
  });
  if (body) expect(client.codec.renderError(error, VECTOR_REQUEST_ID)).toEqual(body);
}
