import type { CanonicalUsage } from '../canonical/canonical-usage.ts';
import { inputTokensOf } from '../canonical/canonical-usage.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { defined } from './defined.ts';
import { isJsonObject, numberOf, objectOf } from './json-values.ts';
import type { ChatUsage } from './schema.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** More tokens than any request can have; a vendor that reports more has a fault. */
const MAX_TOKENS = 1_000_000_000;

/** A count of tokens; undefined when it is missing or absurd. */
function count(value: Json | undefined): number | undefined {
  if (value === undefined) return undefined;
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
 * absurd; an explicit zero is a value. An output that is missing is what the total has beyond the input; without one nothing is
 * reported, unless `hasOutput` is false.
 */
export function decodeUsage(value: Json | undefined, hasOutput = true): CanonicalUsage | null {
  if (!isJsonObject(value)) return null;
  const input = count(value.prompt_tokens);
  const completion = completionOf(value, input ?? 0) ?? (hasOutput ? undefined : 0);
  if (input === undefined || completion === undefined) return null;
  const details = objectOf(value.prompt_tokens_details);
  const cacheRead = Math.min(input, cachedOf(value, details));
  const written = Math.min(input - cacheRead, writtenOf(value, details));
  const cacheWrite1h = written === 0 ? 0 : Math.min(written, writtenForAnHour(details));
  // Assigned one by one: copies without what is undefined cost more than all else on the way of a request that passes through.
  const usage: Writable<CanonicalUsage> = {
    inputUncached: input - cacheRead - written,
    cacheRead,
    cacheWrite5m: written - cacheWrite1h,
    cacheWrite1h,
    output: completion,
  };
  readOutput(usage, value, { input, completion });
  const audioInput = count(details.audio_tokens);
  const imageInput = count(details.image_tokens);
  if (audioInput !== undefined) usage.audioInput = audioInput;
  if (imageInput !== undefined) usage.imageInput = imageInput;
  return usage;
}

/** Undefined where it is missing and the total says nothing of it, or where it is absurd. */
function completionOf({ completion_tokens: told, total_tokens: total }: JsonObject, input: number): number | undefined {
  if (told !== undefined && told !== null) return count(told);
  const beyond = (count(total) ?? 0) - input;
  return beyond > 0 ? beyond : undefined;
}

/** OpenAI's word, and those of routers and of Alibaba, who serve other vendors' caches in OpenAI's dialect. */
function writtenOf(usage: JsonObject, details: JsonObject): number {
  return firstCount(
    details.cache_write_tokens,
    details.cache_creation_tokens,
    details.cache_creation_input_tokens,
    usage.cache_creation_input_tokens,
  );
}

function writtenForAnHour(details: JsonObject): number {
  return firstCount(
    objectOf(details.cache_creation_token_details).ephemeral_1h_input_tokens,
    objectOf(details.cache_creation).ephemeral_1h_input_tokens,
  );
}

function cachedOf(usage: JsonObject, details: JsonObject): number {
  return firstCount(details.cached_tokens, usage.num_cached_tokens, usage.prompt_cache_hit_tokens, usage.cached_tokens);
}

/** OpenAI counts reasoning as output. xAI counts it beside the output, which shows in the total. */
function readOutput(
  usage: Writable<CanonicalUsage>,
  value: JsonObject,
  { input, completion }: { readonly input: number; readonly completion: number },
): void {
  const details = objectOf(value.completion_tokens_details);
  const reasoning = count(details.reasoning_tokens);
  if (reasoning !== undefined) {
    const isBeside = reasoning > 0 && count(value.total_tokens) === input + completion + reasoning;
    if (isBeside) usage.output = completion + reasoning;
    usage.reasoning = Math.min(usage.output, reasoning);
  }
  const audioOutput = count(details.audio_tokens);
  const imageOutput = count(details.image_tokens);
  if (audioOutput !== undefined) usage.audioOutput = audioOutput;
  if (imageOutput !== undefined) usage.imageOutput = imageOutput;
}

/** Usage in OpenAI's words: the whole input, of which the details tell what was cached. */
export function encodeUsage(usage: CanonicalUsage): ChatUsage {
  const input = inputTokensOf(usage);
  const written = usage.cacheWrite5m + usage.cacheWrite1h;
  const output = defined<NonNullable<ChatUsage['completion_tokens_details']>>({
    reasoning_tokens: usage.reasoning,
    audio_tokens: usage.audioOutput,
    image_tokens: usage.imageOutput,
  });
  return defined<ChatUsage>({
    prompt_tokens: input,
    completion_tokens: usage.output,
    total_tokens: input + usage.output,
    prompt_tokens_details: defined<ChatUsage['prompt_tokens_details']>({
      cached_tokens: usage.cacheRead,
      cache_write_tokens: written > 0 ? written : undefined,
      audio_tokens: usage.audioInput,
      image_tokens: usage.imageInput,
    }),
    completion_tokens_details: Object.keys(output).length === 0 ? undefined : output,
  });
}
