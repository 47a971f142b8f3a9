import { budgetTime, LlmCost, LlmCostBasedRateLimit } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { policyLimits } from '../policy-limits.ts';

const MICRO_USD = 1_000_000;

/** Bounds what the requests of an operation cost in a time; as all budgets it holds the most that a request can cost. */
export const llmCostBasedRateLimit = policyFactory(LlmCostBasedRateLimit, ({ budgetLimits, consumerBased }, owner) => {
  const entries = budgetLimits.flatMap(({ amount, duration }) => {
    const time = budgetTime(Math.round(amount * MICRO_USD), duration);
    return time ? [{ unit: 'cost', duration, time } as const] : [];
  });
  return {
    name: LlmCostBasedRateLimit.name,
    limits: policyLimits(LlmCostBasedRateLimit.name, entries, { owner, consumerBased }),
  };
});

/** Costs are always computed: documents that ask for it load. */
export const llmCost = policyFactory(LlmCost, () => ({ name: LlmCost.name }));
