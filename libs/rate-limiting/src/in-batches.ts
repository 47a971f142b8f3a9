import type { Redis } from 'ioredis';
import { ScriptCalls } from './script-calls.ts';

const DEADLINE_MS = 5_000;
const AT_ONCE = 500;

/**
 * Calls a script for each item, 500 in a round trip and one round trip after the other. Rejects when Redis does, or when a round
 * trip takes longer than 5 s; what was called before has happened then.
 */
export async function inBatches<Item, Result>(
  redis: Redis,
  items: readonly Item[],
  call: (calls: ScriptCalls, item: Item) => Promise<Result>,
): Promise<Result[]> {
  const calls = new ScriptCalls({ redis, deadlineMs: DEADLINE_MS });
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    const batch = items.slice(first, first + AT_ONCE);
    results.push(...(await Promise.all(batch.map((item) => call(calls, item)))));
  }
  return results;
}
