import type { TokenUsage } from '@penstock/contracts';
import type { Json } from '../canonical/json.ts';
import { toTokenUsage } from '../canonical/to-token-usage.ts';
import { objectOf } from './json-fields.ts';
import { readWireUsage } from './wire-usage.ts';

/**
 * Usage in a whole answer that is passed through; null when it has none. The answer is parsed as a whole: it repeats the
 * caller's tools, in which anything may be called `usage`.
 */
export function readResponsesUsage(body: Buffer): TokenUsage | null {
  let answer: Json;
  try {
    answer = JSON.parse(body.toString('utf8')) as Json;
  } catch {
    // Not JSON: there is no usage to be read, which the caller is told by null.
    return null;
  }
  const usage = readWireUsage(objectOf(answer)?.['usage']);
  return usage && toTokenUsage(usage);
}
