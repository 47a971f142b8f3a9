import { z } from 'zod';
import { Dialect, Operation } from '../dialect.ts';

/** A count of tokens; bounded so that no vendor's nonsense can overflow a sum. */
const TokenCount = z.int().min(0).max(1_000_000_000);

/**
 * Tokens of one request. `inputTokens` includes the cached ones, `outputTokens` the reasoning ones
 * (OpenAI's convention; other dialects are converted to it).
 */
export const TokenUsage = z.strictObject({
  inputTokens: TokenCount,
  outputTokens: TokenCount,
  cachedInputTokens: TokenCount,
  reasoningTokens: TokenCount,
  /** Parts of `inputTokens` and `outputTokens` that vendors price apart; none where they are left out. */
  cacheWriteTokens: TokenCount.optional(),
  /** The part of `cacheWriteTokens` with the long life. */
  longCacheWriteTokens: TokenCount.optional(),
  audioInputTokens: TokenCount.optional(),
  audioOutputTokens: TokenCount.optional(),
  imageInputTokens: TokenCount.optional(),
  imageOutputTokens: TokenCount.optional(),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** reported: by the upstream. estimated: by us, none was reported. presumed: the gateway died before the end. none: nothing was spent. */
export const UsageSource = z.enum(['reported', 'estimated', 'presumed', 'none']);
export type UsageSource = z.infer<typeof UsageSource>;

/** What a request was for; `relay`: it was passed on to a vendor as it was. */
export const UsageOperation = z.enum([...Operation.options, 'relay']);
export type UsageOperation = z.infer<typeof UsageOperation>;

export const UsageOutcome = z.enum(['completed', 'failed', 'refused', 'client-closed', 'presumed']);
export type UsageOutcome = z.infer<typeof UsageOutcome>;

/** Limits that one event names at most as spared. */
export const MAX_SPARED_LIMITS = 20;

/** How an event names a limit that spared it: the subject's counter and the limit's id. */
export function sparedLimitName(subject: string, id: string): string {
  return `${subject}/${id}`;
}

/** One finished request. Never carries a prompt or an answer. */
export const UsageEvent = z.strictObject({
  /** UUIDv7 made at admission; the same in every delivery, so that delivering twice counts once. */
  id: z.uuid(),
  organizationId: z.uuid(),
  gatewayInstanceId: z.string().max(128),
  requestId: z.string().max(128),
  /** Admission. */
  occurredAt: z.iso.datetime(),
  virtualKeyId: z.uuid().nullable(),
  virtualKeyName: z.string().max(253).nullable(),
  teamId: z.uuid().nullable(),
  teamName: z.string().max(253).nullable(),
  proxyId: z.uuid().nullable(),
  proxyName: z.string().max(253).nullable(),
  providerId: z.uuid().nullable(),
  providerName: z.string().max(253).nullable(),
  requestedModel: z.string().max(255),
  /** What was sent upstream; null when nothing was. */
  upstreamModel: z.string().max(255).nullable(),
  /** The id of the provider's model, which limits and prices go by. */
  modelId: z.string().max(255).nullable().default(null),
  /** Whom the caller names as its user (`x-penstock-user`, or the body's `user`). */
  userTag: z.string().max(128).nullable().default(null),
  /** Limits that sent the request to another model, as `<subject>/<limit id>`: nothing of it counts for them. */
  sparedLimits: z.array(z.string().max(1024)).max(MAX_SPARED_LIMITS).default([]),
  dialect: Dialect,
  operation: UsageOperation,
  stream: z.boolean(),
  outcome: UsageOutcome,
  httpStatus: z.int().min(100).max(599),
  errorCode: z.string().max(64).nullable(),
  attempts: z.int().min(0).max(100),
  usage: TokenUsage,
  usageSource: UsageSource,
  /** Null: the price is unknown, which is not the same as free. */
  costMicroUsd: z.int().min(0).nullable(),
  /** Which price was used: the id of the model price and its update time. */
  priceVersion: z.string().max(128).nullable(),
  firstTokenMs: z.number().min(0).nullable(),
  durationMs: z.number().min(0),
});
export type UsageEvent = z.infer<typeof UsageEvent>;
