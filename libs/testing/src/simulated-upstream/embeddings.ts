import type { Behaviour } from './behaviour.ts';
import type { EmbeddingsRequest } from './request-schema.ts';
import { countInputTokens } from './tokens.ts';

const DEFAULT_DIMENSIONS = 8;

/** Vectors that depend on the text alone, as numbers or as the base64 of little-endian float32. */
export function embeddingsAnswer(
  request: EmbeddingsRequest,
  behaviour: Behaviour,
): { body: object; inputTokens: number } {
  const inputs = inputsOf(request.input);
  const inputTokens = inputs.reduce<number>((sum, input) => sum + Math.max(1, countInputTokens(input)), 0);
  const dimensions = request.dimensions ?? DEFAULT_DIMENSIONS;
  const data = inputs.map((input, index) => {
    const vector = vectorOf(JSON.stringify(input), dimensions);
    const embedding =
      request.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const usage = behaviour.usage ?? { prompt_tokens: inputTokens, total_tokens: inputTokens, completion_tokens: 0 };
  return { body: { id: 'embd-simulated', object: 'list', created: 0, model: request.model, data, usage }, inputTokens };
}

function inputsOf(input: EmbeddingsRequest['input']): readonly unknown[] {
  if (typeof input === 'string') return [input];
  return typeof input[0] === 'number' ? [input] : input;
}

function vectorOf(text: string, dimensions: number): Float32Array {
  let state = 2166136261;
  for (let index = 0; index < text.length; index += 1) state = Math.imul(state ^ text.charCodeAt(index), 16777619);
  return Float32Array.from(
    { length: dimensions },
    (_, index) => ((Math.imul(state, index + 1) >>> 8) % 2000) / 1000 - 1,
  );
}
