import { type LimitUnit, limitTime, TokenBasedRateLimit } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { type LimitEntry, policyLimits } from '../policy-limits.ts';

interface TokenLimit {
  readonly count: number;
  readonly duration: string;
}

/** Bounds the tokens of an operation in a time: probable ones are held while a request runs, and settled by what it really used. */
export const tokenBasedRateLimit = policyFactory(TokenBasedRateLimit, (params, owner) => {
  const { promptTokenLimits, completionTokenLimits, totalTokenLimits, consumerBased } = params;
  const entries = [
    ...entriesOf('input-tokens', promptTokenLimits),
    ...entriesOf('output-tokens', completionTokenLimits),
    ...entriesOf('tokens', totalTokenLimits),
  ];
  return {
    name: TokenBasedRateLimit.name,
    limits: policyLimits(TokenBasedRateLimit.name, entries, { owner, consumerBased }),
  };
});

function entriesOf(unit: LimitUnit, limits: readonly TokenLimit[] = []): readonly LimitEntry[] {
  return limits.flatMap(({ count, duration }) => {
    const time = limitTime(count, duration);
    return time ? [{ unit, duration, time }] : [];
  });
}
