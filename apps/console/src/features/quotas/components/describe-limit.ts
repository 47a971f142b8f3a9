import { isLedgerLimit, type Limit } from '@penstock/contracts';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCompact, formatCount } from '../../../lib/format-number.ts';

type Optional<Name extends keyof Limit> = { readonly [Key in Name]?: Limit[Key] | undefined };
type LimitLike = Pick<Limit, 'unit' | 'max'> & Optional<'window' | 'alignment'>;

/** A limit as {@link explainLimit} takes it: whatever is left out has the admin API's default. */
export type ExplainedLimit = LimitLike &
  Optional<'burst' | 'mode' | 'onExceeded' | 'estimate' | 'onUnavailable' | 'onUnknownPrice' | 'alertThresholds'>;

const NOUN = {
  requests: 'requests',
  tokens: 'tokens',
  'input-tokens': 'input tokens',
  'output-tokens': 'output tokens',
  cost: '',
  concurrency: 'in flight',
} as const satisfies Record<Limit['unit'], string>;

/** What a rolling window is called: it has a length, but no beginning. */
const ROLLING = {
  second: 'second',
  minute: 'minute',
  hour: '60 minutes',
  day: '24 hours',
  week: '7 days',
  month: '30 days',
} as const;

/** A limit in words: `60 requests a minute`, `$5.00 a month`, `$5.00 in any 30 days`, `20 in flight`. */
export function describeLimit({ unit, max, window, alignment }: LimitLike): string {
  const amount = unit === 'cost' ? formatCost(max) : `${formatCompact(max)} ${NOUN[unit]}`;
  if (!window) return amount;
  if (alignment === 'rolling') return `${amount} in any ${ROLLING[window]}`;
  return `${amount} ${window === 'hour' ? 'an' : 'a'} ${window}`;
}

/** Everything that a limit does, in one sentence for the admin who sets it. */
export function explainLimit(limit: ExplainedLimit): string {
  const parts = [limit.mode === 'shadow' ? countsOnly(limit) : admits(limit), windowOf(limit), heldOf(limit)];
  const thresholds = limit.alertThresholds?.map((percent) => `${percent}%`) ?? [];
  if (thresholds.length > 0) parts.push(`an alert is sent at ${thresholds.join(', ')}`);
  if (limit.onUnknownPrice === 'deny') parts.push('models without a price are refused');
  if (limit.onUnavailable === 'deny') parts.push('nothing is admitted while Redis is lost');
  if (limit.onUnavailable === 'allow') parts.push('everything is admitted, and counted later, while Redis is lost');
  return `${parts.filter(Boolean).join('; ')}.`;
}

function countsOnly(limit: ExplainedLimit): string {
  return `Counts against ${describeLimit(limit)} and refuses nothing`;
}

function admits(limit: ExplainedLimit): string {
  const { unit, burst, max, onExceeded } = limit;
  const atOnce = burst !== undefined && burst !== max ? `, up to ${formatCount(burst)} of them at once` : '';
  const beyond =
    typeof onExceeded === 'object' ? `sends what does not fit to ${onExceeded.route}` : 'refuses what does not fit';
  return `Admits ${describeLimit(limit)}${unit === 'concurrency' ? ' at once' : ''}${atOnce}, and ${beyond}`;
}

const BEGINNING = {
  second: '',
  minute: '',
  hour: 'with each hour',
  day: 'at midnight',
  week: 'on Monday',
  month: 'on the first day of the month',
} as const;

function windowOf({ unit, window, alignment }: ExplainedLimit): string {
  if (!window || !isLedgerLimit({ unit, window }) || alignment === 'rolling') return '';
  return `it begins anew ${BEGINNING[window]}${window === 'hour' ? '' : ' in the organization’s time zone'}`;
}

function heldOf({ unit, estimate, mode }: ExplainedLimit): string {
  if (unit === 'requests' || unit === 'concurrency' || mode === 'shadow') return '';
  const hard = (estimate ?? (unit === 'cost' ? 'hard' : 'soft')) === 'hard';
  return hard
    ? 'a running request holds the most that it can use, so that the limit is never exceeded'
    : 'a running request holds what it will probably use, so that the last ones may exceed the limit a little';
}
