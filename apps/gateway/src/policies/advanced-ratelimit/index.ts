import { AdvancedRateLimit, advancedQuotaName, limitTime } from '@penstock/contracts';
import type { PolicyAnswer } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';
import { CostRule } from './cost-rule.ts';
import { KeyRule } from './key-rule.ts';
import { KeyedLimits } from './keyed-limits.ts';

const ROUTE = [{ type: 'routename' }] as const;

/** Bounds requests, or what they cost, for each value of a key; all limits are taken together with all others that a request meets. */
export const advancedRateLimit = policyFactory(AdvancedRateLimit, (params, owner) => {
  const { quotas, keyExtraction = [], onRateLimitExceeded } = params;
  const costs: CostRule[] = [];
  const refusal = onRateLimitExceeded ? answerOf(onRateLimitExceeded) : null;
  const keyed = quotas.map((quota, index) => {
    const parts = [quota.keyExtraction ?? [], keyExtraction, ROUTE].find((one) => one.length > 0) ?? ROUTE;
    const { costExtraction } = quota;
    const cost = costExtraction?.enabled ? new CostRule(costExtraction) : null;
    if (cost) costs.push(cost);
    return new KeyedLimits(
      {
        name: advancedQuotaName(quota, index),
        times: quota.limits.flatMap(({ limit, duration, burst }) => {
          const time = limitTime(limit, duration);
          return time ? [{ duration, time: burst === undefined ? time : { ...time, burst } }] : [];
        }),
        key: new KeyRule(parts),
        isOfWholeApi: parts.some(({ type }) => type === 'apiname') && !parts.some(({ type }) => type === 'routename'),
        cost,
        refusal,
      },
      owner,
    );
  });
  const readers = costs.filter(({ readsAnswers }) => readsAnswers);
  return {
    name: AdvancedRateLimit.name,
    limits: {
      isPerRequest: true,
      of: (_key, call) => (call ? keyed.flatMap((quota) => quota.of(call)) : []),
    },
    ...(readers.length > 0 && {
      onAnswer(call, answer) {
        for (const cost of readers) cost.read(call, answer);
        return false;
      },
    }),
  };
});

function answerOf(exceeded: {
  readonly statusCode: number;
  readonly body: string;
  readonly bodyFormat: 'json' | 'plain';
}): PolicyAnswer {
  return {
    status: exceeded.statusCode,
    contentType: exceeded.bodyFormat === 'json' ? 'application/json' : 'text/plain; charset=utf-8',
    body: Buffer.from(exceeded.body),
  };
}
