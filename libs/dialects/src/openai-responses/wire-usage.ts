import { type CanonicalUsage, inputTokensOf } from '../canonical/canonical-usage.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { countOf, objectOf } from './json-fields.ts';
import type { ResponseUsage } from './schema.ts';

/** Usage as a response reports it; null when it is missing or absurd. Cached tokens are a part of the input. */
export function readWireUsage(value: Json | undefined): CanonicalUsage | null {
  const usage = objectOf(value) ?? {};
  const input = countOf(usage['input_tokens']);
  const output = countOf(usage['output_tokens'] ?? 0);
  if (input === undefined || output === undefined) return null;
  const cacheRead = Math.min(input, detail(usage, 'input_tokens_details', 'cached_tokens') ?? 0);
  const cacheWrite = Math.min(input - cacheRead, detail(usage, 'input_tokens_details', 'cache_write_tokens') ?? 0);
  const reasoning = detail(usage, 'output_tokens_details', 'reasoning_tokens');
  return {
    inputUncached: input - cacheRead - cacheWrite,
    cacheRead,
    cacheWrite5m: cacheWrite,
    cacheWrite1h: 0,
    output,
    ...(reasoning !== undefined && { reasoning: Math.min(output, reasoning) }),
    ...modality('audioInput', detail(usage, 'input_tokens_details', 'audio_tokens')),
    ...modality('imageInput', detail(usage, 'input_tokens_details', 'image_tokens')),
    ...modality('audioOutput', detail(usage, 'output_tokens_details', 'audio_tokens')),
    ...modality('imageOutput', detail(usage, 'output_tokens_details', 'image_tokens')),
  };
}

function modality(name: keyof CanonicalUsage, count: number | undefined): Partial<CanonicalUsage> {
  return count === undefined ? {} : { [name]: count };
}

function detail(usage: JsonObject, group: string, name: string): number | undefined {
  return countOf(objectOf(usage[group])?.[name]);
}

/** Usage as a response reports it, with both details, which clients insist on. */
export function writeWireUsage(usage: CanonicalUsage): ResponseUsage {
  const input = inputTokensOf(usage);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
    },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: input + usage.output,
  };
}
