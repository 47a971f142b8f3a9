import { describe, expect, it } from '@jest/globals';
import { expectGatewayError } from '../testing/expect-gateway-error.ts';
import { fillMadeIds } from '../testing/fill-made-ids.ts';
import type { RequestVector } from '../testing/golden-vector.ts';
import { readGoldenVectors } from '../testing/read-golden-vectors.ts';
import { VectorExchange } from '../testing/vector-exchange.ts';

const bytesOf = (input: RequestVector['input']): Buffer =>
  Buffer.from(typeof input === 'string' ? input : JSON.stringify(input));

function addressOf(
  exchange: VectorExchange,
  body: Buffer,
  { baseUrl, apiVersion }: NonNullable<RequestVector['address']>,
) {
  const { origin, path } = exchange.adapter.buildRequest({
    ...exchange.call,
    body,
    baseUrl,
    apiVersion: apiVersion ?? null,
    auth: null,
    clientHeaders: {},
    requestId: 'r',
    now: new Date(0),
  });
  return origin + path;
}

function refusalOf(exchange: VectorExchange): unknown {
  try {
    exchange.sentBody();
  } catch (error) {
    return error;
  }
  throw new Error('the request was not refused');
}

describe('a request', () => {
  it.each(readGoldenVectors('request'))('$id: $title', (vector) => {
    const exchange = new VectorExchange(vector, bytesOf(vector.input));
    if (vector.error) {
      expectGatewayError(refusalOf(exchange), vector.error, exchange.client);
      return;
    }
    const sent = exchange.sentBody();
    if (typeof vector.expected === 'string') expect(sent.toString('utf8')).toBe(vector.expected);
    else {
      const body: unknown = JSON.parse(sent.toString('utf8'));
      expect(body).toEqual(fillMadeIds(vector.expected, body));
    }
    expect(exchange.warnings.header()?.split(', ').toSorted() ?? []).toEqual(vector.warnings?.toSorted() ?? []);
    if (vector.address) expect(addressOf(exchange, sent, vector.address)).toBe(vector.address.url);
  });
});
