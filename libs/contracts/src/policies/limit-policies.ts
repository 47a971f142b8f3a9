import { z } from 'zod';
import { AdvancedRateLimit } from './advanced-rate-limit.ts';
import { budgetTime, EXACT_DURATION, GoDuration, limitTime } from './limit-time.ts';
import { definePolicy } from './policy-definition.ts';

const TokenLimits = z
  .array(
    z
      .strictObject({ count: z.int().min(1).max(1_000_000_000_000), duration: GoDuration })
      .refine(({ count, duration }) => limitTime(count, duration), EXACT_DURATION),
  )
  .max(10);

export const BasicRateLimit = definePolicy({
  name: 'basic-ratelimit',
  title: 'Rate limit',
  description: 'Bounds the requests in a time; all limits hold, the strictest decides.',
  category: 'limits',
  params: z.strictObject({
    limits: z
      .array(
        z
          .strictObject({ requests: z.int().min(1).max(1_000_000_000), duration: GoDuration })
          .refine(({ requests, duration }) => limitTime(requests, duration), EXACT_DURATION),
      )
      .min(1)
      .max(10),
  }),
});

export const TokenBasedRateLimit = definePolicy({
  name: 'token-based-ratelimit',
  title: 'Token limit',
  description: 'Bounds the tokens of prompts, of completions, or of both, in a time.',
  category: 'limits',
  params: z
    .strictObject({
      promptTokenLimits: TokenLimits.optional(),
      completionTokenLimits: TokenLimits.optional(),
      totalTokenLimits: TokenLimits.optional(),
      consumerBased: z.boolean().default(false).describe('Each caller has the limits for itself.'),
    })
    .refine(hasTokenLimit, {
      error: 'at least one of promptTokenLimits, completionTokenLimits or totalTokenLimits must be specified',
    }),
});

function hasTokenLimit({
  promptTokenLimits = [],
  completionTokenLimits = [],
  totalTokenLimits = [],
}: TokenLists): boolean {
  return promptTokenLimits.length + completionTokenLimits.length + totalTokenLimits.length > 0;
}

interface TokenLists {
  readonly promptTokenLimits?: readonly unknown[] | undefined;
  readonly completionTokenLimits?: readonly unknown[] | undefined;
  readonly totalTokenLimits?: readonly unknown[] | undefined;
}

export const LlmCost = definePolicy({
  name: 'llm-cost',
  title: 'Cost',
  description: 'Computes what each request costs. Penstock always does; the policy is accepted so that documents load.',
  category: 'limits',
  params: z.strictObject({}),
});

export const LlmCostBasedRateLimit = definePolicy({
  name: 'llm-cost-based-ratelimit',
  title: 'Budget',
  description: 'Bounds what requests cost in a time, in US dollars.',
  category: 'limits',
  params: z.strictObject({
    budgetLimits: z
      .array(
        z
          .strictObject({ amount: z.number().min(0.000_001).max(9_000_000), duration: GoDuration })
          .refine(({ amount, duration }) => budgetTime(Math.round(amount * 1e6), duration), {
            path: ['duration'],
            error: 'must be one of 1h, 24h, 168h, 720h',
          }),
      )
      .min(1)
      .max(10),
    consumerBased: z.boolean().default(false).describe('Each caller has the budget for itself.'),
  }),
});

export const limitPolicies = [
  BasicRateLimit,
  TokenBasedRateLimit,
  LlmCost,
  LlmCostBasedRateLimit,
  AdvancedRateLimit,
] as const;
