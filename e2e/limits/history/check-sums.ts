import type { StoredEvent, Violation } from './history.ts';

/** Sums over events or rollups. */
export interface UsageSums {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
}

export function sumOfEvents(events: readonly StoredEvent[]): UsageSums {
  return events.reduce(
    (sums, { tokens, costMicroUsd }) => ({
      requests: sums.requests + 1,
      inputTokens: sums.inputTokens + tokens.input,
      outputTokens: sums.outputTokens + tokens.output,
      costMicroUsd: sums.costMicroUsd + (costMicroUsd ?? 0),
    }),
    { requests: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 },
  );
}

/** The sums of a quarter of an hour are those of its events. */
export function checkSums(what: string, found: UsageSums, expected: UsageSums): Violation[] {
  const fields = ['requests', 'inputTokens', 'outputTokens', 'costMicroUsd'] as const;
  return fields
    .filter((field) => found[field] !== expected[field])
    .map((field) => ({ rule: 'wrong-sums', detail: `${what}: ${field} ${found[field]}, expected ${expected[field]}` }));
}
