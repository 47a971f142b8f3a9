import { waitUntil } from '@penstock/testing';
import { tokensByRequest } from '../history/check-usage.ts';
import type { LimitsScenario } from './limits-scenario.ts';
import { readStoredEvents } from './stored-usage.ts';
import type { Truth } from './truth.ts';

const DATABASE_URL = process.env['DATABASE_URL'] ?? '';

/** Waits until every request that used anything upstream has an event in Postgres, or long enough; a checker judges the rest. */
export async function usageToBeStored(
  { keyId }: Pick<LimitsScenario, 'keyId'>,
  truth: Truth,
  { databaseUrl = DATABASE_URL, timeoutMs = 30_000 }: { databaseUrl?: string; timeoutMs?: number } = {},
): Promise<void> {
  const isComplete = async (): Promise<boolean> => {
    const stored = new Set((await readStoredEvents(databaseUrl, keyId)).map(({ requestId }) => requestId));
    return [...tokensByRequest(truth.calls())].every(([requestId, { input }]) => input === 0 || stored.has(requestId));
  };
  // What is missing then, a checker names.
  await waitUntil('the usage of all requests', isComplete, { timeoutMs, intervalMs: 250 }).catch(() => undefined);
}
