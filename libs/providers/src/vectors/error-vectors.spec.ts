import { describe, expect, it } from '@jest/globals';
import { readGoldenVectors } from '../testing/read-golden-vectors.ts';
import { VECTOR_CLIENTS } from '../testing/vector-clients.ts';
import { VECTOR_REQUEST_ID } from '../testing/vector-exchange.ts';
import { adapterFor } from '../provider-adapters.ts';

describe('an error of an upstream', () => {
  it.each(readGoldenVectors('error'))('$id: $title', ({ client: name, upstream, input, expected }) => {
    const client = VECTOR_CLIENTS[name];
    const { status, headers = {}, body } = input;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const read = adapterFor(upstream.template, upstream.dialect).readError(status, headers, text);
    const { error, retryable, cooldownMs } = read;
    expect({
      status: client.statusOf(error),
      body: client.codec.renderError(error, VECTOR_REQUEST_ID),
      retryable,
      ...(cooldownMs !== undefined && { cooldownMs }),
      ...(error.retryAfterMs !== null && { retryAfterMs: error.retryAfterMs }),
    }).toEqual(expected);
  });
});
