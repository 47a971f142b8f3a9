import type { GatewayInstance } from '@penstock/contracts';
import { StateBadge, type Tone } from '../../../components/state-badge.tsx';

interface InstanceHealth {
  readonly tone: Tone;
  readonly label: string;
}

/** What to think of an instance, the worst first. */
export function healthOf({ state, refusal, current, limiterDegraded }: GatewayInstance): InstanceHealth {
  if (state === 'lost') return { tone: 'bad', label: 'lost' };
  if (state === 'draining') return { tone: 'neutral', label: 'draining' };
  if (refusal) return { tone: 'bad', label: 'refused revision' };
  if (!current) return { tone: 'warning', label: 'behind' };
  return limiterDegraded ? { tone: 'warning', label: 'local limits' } : { tone: 'good', label: 'live' };
}

/** {@link healthOf} as a badge. */
export function InstanceState({ instance }: { readonly instance: GatewayInstance }) {
  return <StateBadge {...healthOf(instance)} />;
}
