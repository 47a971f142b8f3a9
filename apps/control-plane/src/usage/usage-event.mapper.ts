import { UsageEvent } from '@penstock/contracts';
import type { UsageEvent as UsageEventRow } from '../prisma/generated/client.ts';

/** Kinds of tokens that an event leaves out when it has none of them. */
const RARE_KINDS = [
  'cacheWriteTokens',
  'longCacheWriteTokens',
  'audioInputTokens',
  'audioOutputTokens',
  'imageInputTokens',
  'imageOutputTokens',
] as const;

/** The event as it was sent, read from its row. */
export function toUsageEvent(row: UsageEventRow): UsageEvent {
  const { day: _, receivedAt: __, inputTokens, outputTokens, cachedInputTokens, reasoningTokens, ...rest } = row;
  const event: Record<string, unknown> = { ...rest };
  const usage: Record<string, number> = {
    inputTokens: Number(inputTokens),
    outputTokens: Number(outputTokens),
    cachedInputTokens: Number(cachedInputTokens),
    reasoningTokens: Number(reasoningTokens),
  };
  for (const kind of RARE_KINDS) {
    delete event[kind];
    if (row[kind] > 0n) usage[kind] = Number(row[kind]);
  }
  return UsageEvent.parse({
    ...event,
    occurredAt: row.occurredAt.toISOString(),
    usage,
    costMicroUsd: row.costMicroUsd === null ? null : Number(row.costMicroUsd),
    firstTokenMs: row.firstTokenMs?.toNumber() ?? null,
    durationMs: row.durationMs.toNumber(),
  });
}
