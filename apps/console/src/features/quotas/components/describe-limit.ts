import type { Limit } from '@penstock/contracts';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCompact } from '../../../lib/format-number.ts';

type LimitLike = Pick<Limit, 'unit' | 'max'> & { readonly window?: Limit['window'] | undefined };

const NOUN = {
  requests: 'requests',
  tokens: 'tokens',
  'input-tokens': 'input tokens',
  'output-tokens': 'output tokens',
  cost: '',
  concurrency: 'in flight',
} as const satisfies Record<Limit['unit'], string>;

/** A limit in words: `60 requests a minute`, `$5.00 a month`, `20 in flight`. */
export function describeLimit({ unit, max, window }: LimitLike): string {
  const amount = unit === 'cost' ? formatCost(max) : `${formatCompact(max)} ${NOUN[unit]}`;
  if (!window) return amount;
  return `${amount} ${window === 'hour' ? 'an' : 'a'} ${window}`;
}
