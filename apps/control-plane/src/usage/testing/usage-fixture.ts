import { randomUUIDv7 } from 'node:crypto';
import type { UsageEvent } from '@penstock/contracts';
import { DEFAULT_ORGANIZATION_ID } from '../../common/organization.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

/** A finished request of key `app`, at noon of 2026-06-15 (UTC). */
export function someEvent(fields: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: randomUUIDv7(),
    organizationId: DEFAULT_ORGANIZATION_ID,
    gatewayInstanceId: 'gateway-1',
    requestId: 'request',
    occurredAt: '2026-06-15T12:00:00.000Z',
    virtualKeyId: '00000000-0000-7000-8000-00000000000a',
    virtualKeyName: 'app',
    teamId: '00000000-0000-7000-8000-00000000000b',
    teamName: 'team',
    proxyId: null,
    proxyName: 'shop',
    providerId: null,
    providerName: 'lab',
    requestedModel: 'smart',
    upstreamModel: 'model',
    modelId: 'smart',
    userTag: null,
    sparedLimits: [],
    dialect: 'openai-chat',
    operation: 'chat',
    stream: false,
    outcome: 'completed',
    httpStatus: 200,
    errorCode: null,
    attempts: 1,
    usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 4, reasoningTokens: 2 },
    usageSource: 'reported',
    costMicroUsd: 7,
    priceVersion: null,
    firstTokenMs: 100,
    durationMs: 1_000,
    ...fields,
  };
}

/** Empties every table of usage. */
export async function forgetUsage(client: PrismaClient): Promise<void> {
  await client.usageEvent.deleteMany();
  await client.usageRollup.deleteMany();
  await client.usageDayRollup.deleteMany();
  await client.usageGroupRollup.deleteMany();
  await client.usageLatency.deleteMany();
}
