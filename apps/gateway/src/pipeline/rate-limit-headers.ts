import type { LimitUnit } from '@penstock/contracts';
import type { LimitStatus } from '@penstock/rate-limiting';

/**
 * `x-ratelimit-*` names and values of the tightest limits of requests and tokens; null when there is neither. Where no limit
 * counts all tokens, those of input and output stand for them.
 */
export function rateLimitHeaders(statuses: readonly LimitStatus[]): readonly string[] | null {
  const tokens = tightest(statuses, 'tokens') ?? tightest(statuses, 'input-tokens', 'output-tokens');
  const headers = [...headersOf('requests', tightest(statuses, 'requests')), ...headersOf('tokens', tokens)];
  return headers.length === 0 ? null : headers;
}

/** Of several limits the one that has least left, in proportion; shadow limits refuse nobody. */
function tightest(statuses: readonly LimitStatus[], ...units: readonly LimitUnit[]): LimitStatus | undefined {
  let found: LimitStatus | undefined;
  for (const status of statuses) {
    const { limit } = status.applicable;
    if (!units.includes(limit.unit) || limit.mode === 'shadow') continue;
    if (!found || isTighter(status, found)) found = status;
  }
  return found;
}

function isTighter(one: LimitStatus, other: LimitStatus): boolean {
  const difference = shareLeft(one) - shareLeft(other);
  return difference < 0 || (difference === 0 && one.remaining < other.remaining);
}

function shareLeft({ remaining, applicable: { limit } }: LimitStatus): number {
  return remaining / (limit.burst ?? limit.max);
}

function headersOf(name: string, status: LimitStatus | undefined): readonly string[] {
  if (!status) return [];
  return [
    `x-ratelimit-limit-${name}`,
    String(status.applicable.limit.max),
    `x-ratelimit-remaining-${name}`,
    String(status.remaining),
    `x-ratelimit-reset-${name}`,
    durationText(status.resetAfterMs),
  ];
}

/** As OpenAI writes it: `250ms`, `1.5s`, `6m0s`, `2h5m0s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.ceil(milliseconds)}ms`;
  const seconds = Math.ceil(milliseconds / 100) / 10;
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds % 60);
  return minutes < 60 ? `${minutes}m${rest}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}s`;
}
