import { randomUUIDv7 } from 'node:crypto';
import type { UsageEvent } from '@penstock/contracts';
import { DEFAULT_ORGANIZATION_ID } from '../../common/organization.ts';

/** A finished request with what a test says about it. */
export function usageEvent(given: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: randomUUIDv7(),
    organizationId: DEFAULT_ORGANIZATION_ID,
    gatewayInstanceId: 'gateway-1',
    requestId: 'r',
    occurredAt: '2026-01-15T12:00:00.000Z',
    virtualKeyId: null,
    virtualKeyName: null,
    teamId: null,
    teamName: null,
    proxyId: null,
    proxyName: null,
    providerId: null,
    providerName: null,
    requestedModel: 'm',
    upstreamModel: 'm',
    modelId: 'm',
    userTag: null,
    sparedLimits: [],
    dialect: 'openai-chat',
    operation: 'chat',
    stream: false,
    outcome: 'completed',
    httpStatus: 200,
    errorCode: null,
    attempts: 1,
    usage: { inputTokens: 3, outputTokens: 4, cachedInputTokens: 0, reasoningTokens: 0 },
    usageSource: 'reported',
    costMicroUsd: 5,
    priceVersion: null,
    firstTokenMs: 1,
    durationMs: 2,
    ...given,
  };
}
