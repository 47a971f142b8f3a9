import { BasicRateLimit, limitTime } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { policyLimits } from '../policy-limits.ts';

/** Bounds the requests of an operation in a time; the limits are taken together with all others that a request meets. */
export const basicRateLimit = policyFactory(BasicRateLimit, ({ limits }, owner) => {
  const entries = limits.flatMap(({ requests, duration }) => {
    const time = limitTime(requests, duration);
    return time ? [{ unit: 'requests', duration, time } as const] : [];
  });
  return {
    name: BasicRateLimit.name,
    limits: policyLimits(BasicRateLimit.name, entries, { owner, consumerBased: false }),
  };
});
