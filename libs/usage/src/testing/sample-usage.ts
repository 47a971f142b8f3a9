import { randomUUID } from 'node:crypto';
import type { UsageEvent } from '@penstock/contracts';
import type { OpenUsage } from '../usage-sink.ts';

/** An admitted request with an estimate of 100 + 50 tokens. */
export function sampleOpen(change: Partial<OpenUsage> = {}): OpenUsage {
  return {
    id: randomUUID(),
    organizationId: '0197a3c0-0000-7000-8000-000000000001',
    gatewayInstanceId: 'gateway-1',
    requestId: 'request-1',
    occurredAt: '2026-01-14T12:00:00.000Z',
    virtualKeyId: '0197a3c0-0000-7000-8000-000000000002',
    virtualKeyName: 'app-1',
    teamId: null,
    teamName: null,
    proxyId: '0197a3c0-0000-7000-8000-000000000003',
    proxyName: 'main',
    providerId: '0197a3c0-0000-7000-8000-000000000004',
    providerName: 'vllm',
    requestedModel: 'model-ä',
    upstreamModel: 'model',
    modelId: 'model',
    userTag: null,
    sparedLimits: [],
    dialect: 'openai-chat',
    operation: 'chat',
    stream: true,
    attempts: 1,
    usage: { inputTokens: 100, outputTokens: 50, cachedInputTokens: 0, reasoningTokens: 0 },
    ...change,
  };
}

/** How that request ended. */
export function sampleEvent(change: Partial<UsageEvent> = {}): UsageEvent {
  return {
    ...sampleOpen(),
    outcome: 'completed',
    httpStatus: 200,
    errorCode: null,
    usage: { inputTokens: 90, outputTokens: 10, cachedInputTokens: 0, reasoningTokens: 0 },
    usageSource: 'reported',
    costMicroUsd: 12,
    priceVersion: 'price-1',
    firstTokenMs: 20,
    durationMs: 100,
    ...change,
  };
}
