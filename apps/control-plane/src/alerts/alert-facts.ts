import { formatAmount } from './format-amount.ts';
import type { AlertNotice } from './alert-notice.ts';

/** The lines of a message to people, as name and value. */
export function factsOf({ subject, firedAt, limit }: AlertNotice): [name: string, value: string][] {
  const facts: [string, string][] = [['Subject', subject]];
  if (limit) {
    const { quota, unit, window, used, max, thresholdPercent, windowStart, windowEnd } = limit;
    facts.push(
      ['Quota', `${quota} (${unit} per ${window})`],
      ['Threshold', `${thresholdPercent} %`],
      ['Used', `${formatAmount(used, unit)} of ${formatAmount(max, unit)}`],
      ['Window', `${windowStart} to ${windowEnd}`],
    );
  }
  return [...facts, ['Fired', firedAt]];
}
