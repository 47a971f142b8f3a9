import type { CanonicalUsage } from '../canonical/canonical-usage.ts';
import type { JsonObject } from '../canonical/json.ts';
import { canonicalUsageOf } from './wire-usage.ts';

/** Usage in a whole answer; null when there is none that can be believed, so that it is estimated instead. */
export function readMessageUsage(body: JsonObject): CanonicalUsage | null {
  return canonicalUsageOf(body['usage']);
}
