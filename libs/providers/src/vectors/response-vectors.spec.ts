import { describe, expect, it } from '@jest/globals';
import { type JsonObject, parseFaithfully, restoreResponse, UpstreamFaultError } from '@penstock/dialects';
import { faultToError } from '../errors/fault-to-error.ts';
import { expectGatewayError } from '../testing/expect-gateway-error.ts';
import { fillMadeIds } from '../testing/fill-made-ids.ts';
import type { ResponseVector } from '../testing/golden-vector.ts';
import { readGoldenVectors } from '../testing/read-golden-vectors.ts';
import { VECTOR_CLIENTS } from '../testing/vector-clients.ts';
import { VectorExchange } from '../testing/vector-exchange.ts';

function answerTo(vector: ResponseVector, exchange: VectorExchange): JsonObject {
  if (vector.client === 'count-tokens') {
    return { input_tokens: exchange.adapter.readTokenCount?.(vector.input) ?? null };
  }
  const { prepared, decode, encode } = exchange.answerParts();
  const body = parseFaithfully(JSON.stringify(vector.input)) as JsonObject;
  const decoded = exchange.upstream.decodeResponse(body, decode);
  const restored = restoreResponse(decoded, prepared.renamedTools, prepared.outputTool);
  return exchange.client.codec.encodeResponse(restored, encode);
}

function failureOf(vector: ResponseVector, exchange: VectorExchange): unknown {
  try {
    answerTo(vector, exchange);
  } catch (error) {
    return error instanceof UpstreamFaultError ? faultToError(error.fault).error : error;
  }
  throw new Error('the answer was not refused');
}

describe('a whole answer', () => {
  it.each(readGoldenVectors('response'))('$id: $title', (vector) => {
    const request = vector.request ?? VECTOR_CLIENTS[vector.client].plainRequest;
    const exchange = new VectorExchange(vector, Buffer.from(JSON.stringify(request)));
    if (vector.error) expectGatewayError(failureOf(vector, exchange), vector.error, exchange.client);
    else {
      const answer: unknown = JSON.parse(JSON.stringify(answerTo(vector, exchange)));
      expect(answer).toEqual(fillMadeIds(vector.expected, answer));
    }
  });
});
