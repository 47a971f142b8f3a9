import type { CanonicalUsage } from '../canonical/canonical-usage.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { isArray, isObject } from './read-fields.ts';
import type { WireUsage } from './schema.ts';

const TIERS: ReadonlyMap<string | undefined, 'standard' | 'priority'> = new Map([
  ['default', 'standard'],
  ['priority', 'priority'],
]);

/**
 * Two reports of one answer as one: `message_delta` overrides `message_start` field by field, and null overrides nothing.
 * Merged before they are read, since the later one gives the cache's total without its split by duration.
 */
export function mergeUsage(earlier: JsonObject | null, later: Json | undefined): JsonObject | null {
  if (!isObject(later)) return earlier;
  const given = Object.entries(later).filter(([, value]) => value !== null && value !== undefined);
  return { ...earlier, ...Object.fromEntries(given) };
}

/** Usage as Anthropic reports it; null when it says nothing of input and output, or says nonsense. */
export function canonicalUsageOf(usage: Json | undefined): CanonicalUsage | null {
  if (!isObject(usage)) return null;
  const parts = iterationsOf(usage).map(usageOfOne);
  const [first, ...rest] = parts.length > 0 ? parts : [usageOfOne(usage)];
  return first === undefined ? null : rest.reduce<CanonicalUsage | null>(sum, first);
}

/**
 * The models' passes behind one answer (compaction, fallback, advisor). The outer numbers describe the last one only, while
 * all of them are billed.
 */
function iterationsOf(usage: JsonObject): readonly JsonObject[] {
  const iterations = usage['iterations'];
  return isArray(iterations) ? iterations.filter(isObject) : [];
}

function usageOfOne(usage: JsonObject): CanonicalUsage | null {
  const input = tokens(usage['input_tokens']);
  const output = tokens(usage['output_tokens']);
  if (input === undefined || output === undefined) return null;
  const details = usage['output_tokens_details'];
  const thinking = isObject(details) ? tokens(details['thinking_tokens']) : undefined;
  return {
    inputUncached: input,
    cacheRead: tokens(usage['cache_read_input_tokens']) ?? 0,
    ...cacheWritesOf(usage),
    output,
    ...(thinking === undefined ? {} : { reasoning: Math.min(thinking, output) }),
  };
}

function cacheWritesOf(usage: JsonObject): { readonly cacheWrite5m: number; readonly cacheWrite1h: number } {
  const split = isObject(usage['cache_creation']) ? usage['cache_creation'] : {};
  const short = tokens(split['ephemeral_5m_input_tokens']) ?? 0;
  const long = tokens(split['ephemeral_1h_input_tokens']) ?? 0;
  const total = tokens(usage['cache_creation_input_tokens']) ?? short + long;
  const cacheWrite1h = Math.min(long, total);
  return { cacheWrite5m: total - cacheWrite1h, cacheWrite1h };
}

function sum(left: CanonicalUsage | null, right: CanonicalUsage | null): CanonicalUsage | null {
  if (!left || !right) return null;
  const reasoning =
    left.reasoning === undefined && right.reasoning === undefined
      ? undefined
      : (left.reasoning ?? 0) + (right.reasoning ?? 0);
  return {
    inputUncached: left.inputUncached + right.inputUncached,
    cacheRead: left.cacheRead + right.cacheRead,
    cacheWrite5m: left.cacheWrite5m + right.cacheWrite5m,
    cacheWrite1h: left.cacheWrite1h + right.cacheWrite1h,
    output: left.output + right.output,
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function tokens(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Usage for a caller: all four numbers, always. */
export function wireUsageOf(usage: Partial<CanonicalUsage>, serviceTier?: string): WireUsage {
  const count = (value: number | undefined): number => Math.max(0, value ?? 0);
  const short = count(usage.cacheWrite5m);
  const long = count(usage.cacheWrite1h);
  const isCacheKnown = usage.cacheWrite5m !== undefined || usage.cacheWrite1h !== undefined;
  return {
    input_tokens: count(usage.inputUncached),
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: count(usage.cacheRead),
    cache_creation: isCacheKnown ? { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } : null,
    output_tokens: count(usage.output),
    output_tokens_details: usage.reasoning === undefined ? null : { thinking_tokens: count(usage.reasoning) },
    server_tool_use: null,
    service_tier: TIERS.get(serviceTier) ?? null,
    inference_geo: null,
    speed: null,
  };
}

/** OpenAI's word for the tier that an answer was served in; undefined for what OpenAI has no word for. */
export function serviceTierOf(usage: Json | undefined): string | undefined {
  const tier = isObject(usage) ? usage['service_tier'] : undefined;
  if (tier === 'standard') return 'default';
  return tier === 'priority' ? 'priority' : undefined;
}
