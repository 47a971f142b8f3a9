import { type CanonicalUsage, NO_USAGE } from '../canonical/canonical-usage.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { countOf, objectOf, objectsOf } from '../gemini/json-fields.ts';

/** Usage as Converse reports it; its `inputTokens` are those outside of the cache. Null when there is none. */
export function usageOf(value: Json | undefined): CanonicalUsage | null {
  const usage = objectOf(value);
  const input = countOf(usage?.['inputTokens']);
  const output = countOf(usage?.['outputTokens']);
  if (!usage || input === undefined || output === undefined) return null;
  const written = countOf(usage['cacheWriteInputTokens']) ?? 0;
  const hour = objectsOf(usage['cacheDetails']).filter(({ ttl }) => ttl === '1h');
  const writtenForHour = Math.min(
    written,
    hour.reduce((sum, { inputTokens }) => sum + (countOf(inputTokens) ?? 0), 0),
  );
  return {
    ...NO_USAGE,
    inputUncached: input,
    cacheRead: countOf(usage['cacheReadInputTokens']) ?? 0,
    cacheWrite5m: written - writtenForHour,
    cacheWrite1h: writtenForHour,
    output,
  };
}

/** Usage in a whole answer of `converse`; null when there is none. */
export function readUsage(body: JsonObject): CanonicalUsage | null {
  return usageOf(body['usage']);
}
