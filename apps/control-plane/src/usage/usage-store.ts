import type { UsageEvent } from '@penstock/contracts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { addToDays, addToQuarters, measuredEvents } from './store/full-rollups.ts';
import { addToGroups } from './store/group-rollups.ts';
import { insertedEvents } from './store/incoming-events.ts';
import { addToLatencies } from './store/latency-rollups.ts';

/**
 * Stores events, each once however often it comes, and adds exactly the new ones to all sums and histograms: one statement, so
 * that everything happens or nothing. Rows of each table are taken in the order of their key, and the tables in the order of the
 * statement, so that writers never wait for each other in a circle.
 */
export async function storeUsageEvents(client: PrismaClient, events: readonly UsageEvent[]): Promise<void> {
  if (events.length === 0) return;
  await client.$executeRaw`
    WITH ${insertedEvents(events)}, ${measuredEvents}, ${addToQuarters}, ${addToDays}, ${addToGroups}, ${addToLatencies}
    SELECT count(*) FROM inserted`;
}

/** Notes when each key was last used. Rows are locked in the order of their id; a time never goes back. */
export async function noteLastUse(client: PrismaClient, events: readonly UsageEvent[]): Promise<void> {
  const lastUse = new Map<string, string>();
  for (const { virtualKeyId, occurredAt } of events) {
    if (virtualKeyId !== null && occurredAt > (lastUse.get(virtualKeyId) ?? '')) lastUse.set(virtualKeyId, occurredAt);
  }
  if (lastUse.size === 0) return;
  const uses = JSON.stringify([...lastUse].map(([id, at]) => ({ id, at })));
  await client.$executeRaw`
    WITH used AS (
      SELECT k.id, u.at FROM virtual_key k JOIN jsonb_to_recordset(${uses}::jsonb) AS u(id uuid, at timestamptz(3)) USING (id)
      WHERE k.last_used_at IS NULL OR k.last_used_at < u.at
      ORDER BY k.id FOR NO KEY UPDATE OF k
    )
    UPDATE virtual_key SET last_used_at = used.at FROM used WHERE virtual_key.id = used.id`;
}
