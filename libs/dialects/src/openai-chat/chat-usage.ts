import type { CanonicalUsage } from '../canonical/canonical-usage.ts';
import { inputTokensOf } from '../canonical/canonical-usage.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { defined } from './defined.ts';
import { isJsonObject, numberOf, objectOf } from './json-values.ts';
import type { ChatUsage } from './schema.ts';

/** More tokens than any request can have; a vendor that reports more has a fault. */
const MAX_TOKENS = 1_000_000_000;

/** A count of tokens; undefined when it is missing or absurd. */
function count(value: Json | undefined): number | undefined {
  const number = numberOf(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 && number <= MAX_TOKENS ? number : undefined;
}

/** The first of these that is a count; 0 when none is. */
function firstCount(...values: readonly (Json | undefined)[]): number {
  for (const value of values) {
    const found = count(value);
    if (found !== undefined) return found;
  }
  return 0;
}

/**
 * Usage as OpenAI, vLLM, Azure, Mistral (`num_cached_tokens`) and DeepSeek (hits and misses) report it. Null when it is missing or
 * absurd; an explicit zero is a value.
 */
export function decodeUsage(value: Json | undefined): CanonicalUsage | null {
  if (!isJsonObject(value)) return null;
  const input = count(value.prompt_tokens);
  const completion = count(value.completion_tokens ?? 0);
  if (input === undefined || completion === undefined) return null;
  const details = objectOf(value.prompt_tokens_details);
  const cacheRead = Math.min(input, cachedOf(value, details));
  const cacheWrite5m = Math.min(input - cacheRead, firstCount(details.cache_write_tokens));
  return {
    inputUncached: input - cacheRead - cacheWrite5m,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h: 0,
    ...decodeOutput(value, input, completion),
    ...audioInput(details),
  };
}

function cachedOf(usage: JsonObject, details: JsonObject): number {
  return firstCount(details.cached_tokens, usage.num_cached_tokens, usage.prompt_cache_hit_tokens, usage.cached_tokens);
}

/** OpenAI counts reasoning as output. xAI counts it beside the output, which shows in the total. */
function decodeOutput(
  usage: JsonObject,
  input: number,
  completion: number,
): Pick<CanonicalUsage, 'output' | 'reasoning' | 'audioOutput'> {
  const details = objectOf(usage.completion_tokens_details);
  const reasoning = count(details.reasoning_tokens);
  const isBeside =
    reasoning !== undefined && reasoning > 0 && count(usage.total_tokens) === input + completion + reasoning;
  const output = isBeside ? completion + reasoning : completion;
  return defined<Pick<CanonicalUsage, 'output' | 'reasoning' | 'audioOutput'>>({
    output,
    reasoning: reasoning === undefined ? undefined : Math.min(output, reasoning),
    audioOutput: count(details.audio_tokens),
  });
}

function audioInput(details: JsonObject): Pick<CanonicalUsage, 'audioInput'> {
  return defined<Pick<CanonicalUsage, 'audioInput'>>({ audioInput: count(details.audio_tokens) });
}

/** Usage in OpenAI's words: the whole input, of which the details tell what was cached. */
export function encodeUsage(usage: CanonicalUsage): ChatUsage {
  const input = inputTokensOf(usage);
  const written = usage.cacheWrite5m + usage.cacheWrite1h;
  const output = defined<NonNullable<ChatUsage['completion_tokens_details']>>({
    reasoning_tokens: usage.reasoning,
    audio_tokens: usage.audioOutput,
  });
  return defined<ChatUsage>({
    prompt_tokens: input,
    completion_tokens: usage.output,
    total_tokens: input + usage.output,
    prompt_tokens_details: defined<ChatUsage['prompt_tokens_details']>({
      cached_tokens: usage.cacheRead,
      cache_write_tokens: written > 0 ? written : undefined,
      audio_tokens: usage.audioInput,
    }),
    completion_tokens_details: Object.keys(output).length === 0 ? undefined : output,
  });
}
