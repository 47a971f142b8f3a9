import type { UsageEvent } from '@penstock/contracts';
import { StateBadge, type Tone } from '../../../components/state-badge.tsx';

const TONES = {
  completed: 'good',
  failed: 'bad',
  refused: 'warning',
  'client-closed': 'neutral',
  presumed: 'neutral',
} as const satisfies Record<UsageEvent['outcome'], Tone>;

/** How a request ended, with the status that the caller got. */
export function OutcomeBadge({ outcome, httpStatus }: Pick<UsageEvent, 'outcome' | 'httpStatus'>) {
  return <StateBadge tone={TONES[outcome]} label={`${httpStatus} ${outcome}`} />;
}
