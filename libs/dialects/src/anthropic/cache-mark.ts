import type { CacheMark } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { given } from './given.ts';
import { isObject } from './read-fields.ts';

/** The mark of `cache_control`; without a duration Anthropic means five minutes. Spread into a part, a tool or a system text. */
export function cacheMarkOf(owner: JsonObject): { readonly cache?: CacheMark } {
  return given('cache', markOf(owner['cache_control']));
}

export function markOf(value: Json | undefined): CacheMark | undefined {
  if (!isObject(value)) return undefined;
  return { ttl: value['ttl'] === '1h' ? '1h' : '5m' };
}

/** The mark as `cache_control`, to be spread into a block. Anthropic knows 5m, which it takes for granted, and 1h. */
export function cacheControlOf(mark: CacheMark | undefined): JsonObject {
  if (mark === undefined) return {};
  return { cache_control: mark.ttl === '5m' ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: '1h' } };
}
