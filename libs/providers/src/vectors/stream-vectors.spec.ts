import { describe, expect, it } from '@jest/globals';
import { expectGatewayError } from '../testing/expect-gateway-error.ts';
import { fillMadeIds } from '../testing/fill-made-ids.ts';
import type { StreamVector } from '../testing/golden-vector.ts';
import { readFrames } from '../testing/read-frames.ts';
import { readGoldenVectors } from '../testing/read-golden-vectors.ts';
import { VECTOR_CLIENTS } from '../testing/vector-clients.ts';
import { VectorExchange } from '../testing/vector-exchange.ts';
import { relayStream } from '../testing/vector-stream.ts';

/** How many places a stream is cut in two at. */
const CUTS = 40;

/** Whole, byte by byte, in small pieces of odd size, and cut in two at places all over it. */
function splitsOf(bytes: Buffer): readonly (readonly Buffer[])[] {
  const pieces = (size: number): readonly Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
  const halves = Array.from({ length: CUTS }, (_, index) => {
    const at = Math.floor((bytes.length * (index + 1)) / (CUTS + 1));
    return [bytes.subarray(0, at), bytes.subarray(at)];
  });
  return [[bytes], pieces(1), pieces(7), ...halves];
}

function expectOutcome(vector: StreamVector, chunks: readonly Buffer[]): void {
  const request = vector.request ?? { ...VECTOR_CLIENTS[vector.client].plainRequest, stream: true };
  const exchange = new VectorExchange(vector, Buffer.from(JSON.stringify(request)));
  const outcome = relayStream(exchange, chunks);
  if ('error' in outcome) {
    if (!vector.error) throw outcome.error;
    expectGatewayError(outcome.error, vector.error, exchange.client);
    return;
  }
  expect(vector.error).toBeUndefined();
  if (typeof vector.expected === 'string') expect(outcome.text).toBe(vector.expected);
  else {
    const frames = readFrames(outcome.text);
    expect(frames).toEqual(fillMadeIds(vector.expected, frames));
  }
}

describe('a stream, however it is split', () => {
  it.each(readGoldenVectors('stream'))('$id: $title', (vector) => {
    const text = typeof vector.input === 'string' ? vector.input : vector.input.join('');
    for (const chunks of splitsOf(Buffer.from(text))) expectOutcome(vector, chunks);
  });
});
