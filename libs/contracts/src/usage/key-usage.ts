import { z } from 'zod';

/** Sums of a key over one window. */
export const KeyUsageWindow = z
  .object({
    /** Inclusive. */
    from: z.iso.datetime(),
    /** Exclusive. */
    to: z.iso.datetime(),
    requests: z.int(),
    errors: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cachedInputTokens: z.int(),
    cacheWriteTokens: z.int(),
    reasoningTokens: z.int(),
    costMicroUsd: z.int(),
    /** Requests whose price is unknown; they are missing in `costMicroUsd`. */
    unknownCostRequests: z.int(),
  })
  .meta({ id: 'KeyUsageWindow' });
export type KeyUsageWindow = z.infer<typeof KeyUsageWindow>;

/** What the worker writes to Redis for a key after each commit, so that the gateway can answer `GET /v1/usage`. */
export const KeyUsage = z.strictObject({
  updatedAt: z.iso.datetime(),
  timeZone: z.string(),
  today: KeyUsageWindow,
  month: KeyUsageWindow,
});
export type KeyUsage = z.infer<typeof KeyUsage>;
