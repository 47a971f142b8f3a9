import { GatewayError, type LimitUnit } from '@penstock/contracts';
import type { LimitCharge, LimitDecision, LimitStatus } from '../rate-limiter.ts';

export type Denial = Extract<LimitDecision, { allowed: false }>;

/** The limits that deny: of several that are exceeded, those in shadow mode deny nothing. */
export function deniersOf({ exceeded, statuses }: Denial): readonly LimitStatus[] {
  const found = statuses.filter((status) => status.exceeded === true && status.applicable.limit.mode === 'enforce');
  return found.some(({ applicable }) => applicable === exceeded.applicable) ? found : [exceeded, ...found];
}

const LONG_WINDOWS: ReadonlySet<string> = new Set(['day', 'week', 'month']);
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
 * and does not for a budget, a long window, or a request that is larger than its limit. `nowMs` is epoch ms.
 */
export function limitRefusal(denial: Denial, charges: readonly LimitCharge[], nowMs: number): GatewayError {
  const { exceeded, retryAfterMs } = denial;
  const { limit } = exceeded.applicable;
  if (denial.unavailable) {
    return new GatewayError('limiter_unavailable', 'The budget cannot be checked at the moment.', {
      retryAfterMs: retryAfterMs ?? 1000,
    });
  }
  const isLasting = limit.unit === 'cost' || LONG_WINDOWS.has(limit.window ?? '');
  if (retryAfterMs === null) {
    const tooMuch = tooMuchFor(exceeded, charges);
    if (tooMuch !== null) return new GatewayError('insufficient_quota', tooMuch);
  }
  const resets = `It resets at ${isoSeconds(nowMs + exceeded.resetAfterMs)}.`;
  if (isLasting) {
    const retry = retryAfterMs === null ? {} : { retryAfterMs };
    return new GatewayError('insufficient_quota', `The ${nameOf(exceeded)} is used up. ${resets}`, retry);
  }
  const message = `The ${nameOf(exceeded)} is reached.${limit.unit === 'concurrency' ? '' : ` ${resets}`}`;
  return new GatewayError('rate_limit_exceeded', message, { retryAfterMs: retryAfterMs ?? 1000 });
}

/** What can never fit, however long one waits; null when the charge would fit into an unused limit. */
function tooMuchFor({ applicable }: LimitStatus, charges: readonly LimitCharge[]): string | null {
  const { unit, max, burst } = applicable.limit;
  const amount = charges.find((charge) => charge.applicable === applicable)?.amount ?? 0;
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
