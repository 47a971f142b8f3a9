import type { AttachedLedger } from '../ledgers/attached-ledgers.ts';
import type { LedgerState } from '../ledgers/ledger-store.ts';
import type { NewAlert } from './fire-alert.ts';
import { formatAmount } from './format-amount.ts';

/** A ledger that has reached a threshold. */
export interface ReachedLedger {
  readonly ledger: AttachedLedger;
  readonly state: LedgerState;
  readonly thresholdPercent: number;
}

/** `<subject>/<limit id>/<which window>/`; a threshold follows. */
export function occurrencePrefix({ applicable }: AttachedLedger, window: string): string {
  return `${applicable.subject}/${applicable.id}/${window}/`;
}

/** The alert of a threshold; `window` names the window that it is told once in. */
export function thresholdAlert(
  { ledger, state, thresholdPercent }: ReachedLedger,
  window: string,
  now: Date,
): NewAlert {
  const { applicable, subject } = ledger;
  const { unit, window: length = 'month', max, alertThresholds = [] } = applicable.limit;
  const prefix = occurrencePrefix(ledger, window);
  const higher = alertThresholds.filter((percent) => percent > thresholdPercent);
  const used = Math.round(state.spent);
  const amounts = `${formatAmount(used, unit)} of ${formatAmount(max, unit)}`;
  return {
    organizationId: applicable.organizationId,
    kind: 'limit-threshold',
    occurrence: `${prefix}${thresholdPercent}`,
    unless: higher.map((percent) => `${prefix}${percent}`),
    subject: subject.label,
    title: `${subject.label} has reached ${thresholdPercent} % of its ${unit} of a ${length}: ${amounts}`,
    limit: {
      quota: applicable.quota,
      unit,
      window: length,
      thresholdPercent,
      used,
      max,
      windowStart: new Date(state.windowStartMs).toISOString(),
      windowEnd: new Date(state.windowEndMs).toISOString(),
    },
    firedAt: now,
  };
}
