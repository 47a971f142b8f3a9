import { UsageEvent } from '@penstock/contracts';
import type { UsageEvent as UsageEventRow } from '../prisma/generated/client.ts';

export function toUsageEvent(row: UsageEventRow): UsageEvent {
  const { day: _, receivedAt: __, inputTokens, outputTokens, cachedInputTokens, reasoningTokens, ...event } = row;
  return UsageEvent.parse({
    ...event,
    occurredAt: row.occurredAt.toISOString(),
    usage: {
      inputTokens: Number(inputTokens),
      outputTokens: Number(outputTokens),
      cachedInputTokens: Number(cachedInputTokens),
      reasoningTokens: Number(reasoningTokens),
    },
    costMicroUsd: row.costMicroUsd === null ? null : Number(row.costMicroUsd),
    firstTokenMs: row.firstTokenMs?.toNumber() ?? null,
    durationMs: row.durationMs.toNumber(),
  });
}
