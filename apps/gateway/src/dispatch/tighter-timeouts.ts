import type { CompiledProvider, CompiledProxy } from '../config/compiled-config.ts';

type Timeouts = CompiledProvider['timeouts'];

/** The timeouts of a provider, or those of the proxy where they are tighter; ms, 0: none. */
export function tighterTimeouts(
  { timeouts }: Pick<CompiledProvider, 'timeouts'>,
  proxy: CompiledProxy | null,
): Timeouts {
  const own = proxy?.timeouts;
  if (!own) return timeouts;
  return { ...timeouts, idleMs: tighter(timeouts.idleMs, own.idleMs), totalMs: tighter(timeouts.totalMs, own.totalMs) };
}

function tighter(one: number, other = 0): number {
  if (one === 0 || other === 0) return one + other;
  return Math.min(one, other);
}
