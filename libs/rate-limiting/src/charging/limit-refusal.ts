import { GatewayError, holdsUpperBound, type LimitUnit } from '@penstock/contracts';
import { resetsAtMs } from '../resets-at.ts';
import { amountOf, type Consumption } from './estimate-charges.ts';
import type { ApplicableLimit, LimitCharge, LimitDecision, LimitStatus } from '../rate-limiter.ts';

export type Denial = Extract<LimitDecision, { allowed: false }>;

/** What a request would use with the shortest answer: of soft limits, and of hard ones (null: none is hard). */
export interface LeastUse {
  readonly probable: Consumption;
  readonly most: Consumption | null;
}

/** The limits that deny: of several that are exceeded, those in shadow mode deny nothing. */
export function deniersOf({ exceeded, statuses }: Denial): readonly LimitStatus[] {
  const found = statuses.filter((status) => status.exceeded === true && status.applicable.limit.mode === 'enforce');
  return found.some(({ applicable }) => applicable === exceeded.applicable) ? found : [exceeded, ...found];
}

const LONG_WINDOWS: ReadonlySet<string> = new Set(['day', 'week', 'month']);
/** Units that grow with the length of an answer. */
const LENGTH_UNITS: ReadonlySet<LimitUnit> = new Set(['tokens', 'output-tokens', 'cost']);
const UNIT_NAMES: Readonly<Record<LimitUnit, string>> = {
  requests: 'requests',
  tokens: 'tokens',
  'input-tokens': 'input tokens',
  'output-tokens': 'output tokens',
  cost: 'micro-USD',
  concurrency: 'requests at once',
};

/**
 * The error for a request that a limit denies: what was used up, whose it is, and when it is free again. Waiting helps for a rate,
 * and does not for a budget, a long window, or a request that is larger than its limit. `nowMs` is epoch ms. With `least` it also
 * says when a shorter answer may fit.
 */
export function limitRefusal(
  denial: Denial,
  charges: readonly LimitCharge[],
  nowMs: number,
  least?: LeastUse,
): GatewayError {
  const { exceeded, retryAfterMs } = denial;
  const { limit } = exceeded.applicable;
  if (denial.unavailable) {
    return new GatewayError('limiter_unavailable', 'The budget cannot be checked at the moment.', {
      retryAfterMs: retryAfterMs ?? 1000,
    });
  }
  const isLasting = waitsLong(exceeded);
  if (retryAfterMs === null) {
    const tooMuch = tooMuchFor(exceeded, charges);
    if (tooMuch !== null) return new GatewayError('insufficient_quota', tooMuch);
  }
  const state = stateOf(denial, charges, least) ?? (isLasting ? 'is used up.' : 'is reached.');
  const resets = `It resets at ${isoSeconds(resetsAtMs(limit, nowMs, exceeded.resetAfterMs))}.`;
  if (isLasting) {
    const retry = retryAfterMs === null ? {} : { retryAfterMs };
    return new GatewayError('insufficient_quota', `The ${nameOf(exceeded)} ${state} ${resets}`, retry);
  }
  const reached = `The ${nameOf(exceeded)} ${state}`;
  const message = limit.unit === 'concurrency' ? reached : `${reached} ${resets}`;
  return new GatewayError('rate_limit_exceeded', message, { retryAfterMs: retryAfterMs ?? 1000 });
}

function waitsLong({ applicable: { limit } }: LimitStatus): boolean {
  return limit.unit === 'cost' || LONG_WINDOWS.has(limit.window ?? '');
}

/** What is left, where something is and the request needs more, and whether a shorter answer may fit; else null. */
function stateOf(denial: Denial, charges: readonly LimitCharge[], least: LeastUse | undefined): string | null {
  const { applicable, remaining } = denial.exceeded;
  const amount = amountFor(applicable, charges);
  if (remaining <= 0 || amount <= remaining) return null;
  const hint = least && fitsShorter(denial, least) ? ' A lower max_tokens may fit.' : '';
  const unit = UNIT_NAMES[applicable.limit.unit];
  return `has ${remaining} ${unit} left, and this request may use up to ${amount}.${hint}`;
}

/** Whether a shorter answer is all that it takes for every limit that denies. */
function fitsShorter(denial: Denial, { probable, most }: LeastUse): boolean {
  return deniersOf(denial).every(({ applicable: { limit }, remaining }) => {
    const least = holdsUpperBound(limit) && most ? most : probable;
    return LENGTH_UNITS.has(limit.unit) && amountOf(limit.unit, least) <= remaining;
  });
}

function amountFor(applicable: ApplicableLimit, charges: readonly LimitCharge[]): number {
  return charges.find((charge) => charge.applicable === applicable)?.amount ?? 0;
}

/** What can never fit, however long one waits; null when the charge would fit into an unused limit. */
function tooMuchFor({ applicable }: LimitStatus, charges: readonly LimitCharge[]): string | null {
  const { unit, max, burst } = applicable.limit;
  const amount = amountFor(applicable, charges);
  const most = burst ?? max;
  if (amount <= most) return null;
  const whose = `of quota '${applicable.quota}' (${kindOf(applicable.subject)})`;
  return `This request may use up to ${amount} ${UNIT_NAMES[unit]}; the limit ${whose} is ${most}.`;
}

function nameOf({ applicable: { limit, quota, subject } }: LimitStatus): string {
  const window = limit.window === undefined ? '' : ` per ${limit.window}`;
  const what = limit.unit === 'cost' ? `budget${window}` : `limit of ${limit.max} ${UNIT_NAMES[limit.unit]}${window}`;
  return `${what} of quota '${quota}' (${kindOf(subject)})`;
}

/** `organization`, `team`, `key`, `proxy`, `provider` or `model`: the last part of a counter's name says it. */
function kindOf(subject: string): string {
  if (subject.startsWith('provider:')) return subject.includes('/model:') ? 'model' : 'provider';
  return subject.includes('/key:') ? 'key' : subject.slice(0, subject.indexOf(':'));
}

function isoSeconds(timeMs: number): string {
  return `${new Date(Math.ceil(timeMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
