import { sampleVector, vectorAsBase64 } from '../sample-vector.ts';
import type { Plain } from '../vendor.ts';
import type { EmbeddingsRequest } from './schema.ts';

const DEFAULT_DIMENSIONS = 16;

/** Vectors in the encoding that was asked for. */
export function embed(body: EmbeddingsRequest, model: string): Plain {
  const inputs = inputsOf(body.input);
  const data = inputs.map((input, index) => {
    const vector = sampleVector(input, body.dimensions ?? DEFAULT_DIMENSIONS);
    return {
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? vectorAsBase64(vector) : vector,
    };
  });
  const inputTokens = inputs.reduce((sum, input) => sum + Math.ceil(input.length / 4), 0);
  const usage = { prompt_tokens: inputTokens, total_tokens: inputTokens };
  return { kind: 'plain', model, inputTokens, body: { object: 'list', data, model, usage } };
}

/** One text for each input; lists of token numbers are written out. */
function inputsOf(input: EmbeddingsRequest['input']): readonly string[] {
  if (typeof input === 'string') return [input];
  if (typeof input[0] === 'number') return [JSON.stringify(input)];
  return input.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
}
