import type { UsageEvent } from '@penstock/contracts';

/** An event that the store refuses for what it contains. */
export interface RefusedEvent {
  readonly event: UsageEvent;
  readonly error: unknown;
}

/**
 * Commits a batch. When the store says that a failure is permanent (`isPermanent`), the batch is halved until the refused
 * events stand alone; they are returned, all others are committed. Any other failure is thrown: the batch may be tried again.
 */
export async function commitEvents(
  events: UsageEvent[],
  commit: (events: UsageEvent[]) => Promise<void>,
  isPermanent: (error: unknown) => boolean,
): Promise<RefusedEvent[]> {
  const [first] = events;
  if (!first) return [];
  try {
    await commit(events);
    return [];
  } catch (error) {
    if (!isPermanent(error)) throw error;
    if (events.length === 1) return [{ event: first, error }];
  }
  const half = Math.ceil(events.length / 2);
  const refused = await commitEvents(events.slice(0, half), commit, isPermanent);
  return [...refused, ...(await commitEvents(events.slice(half), commit, isPermanent))];
}
