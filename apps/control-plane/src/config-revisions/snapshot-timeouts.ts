import {
  durationToMs,
  type LlmProviderSpec,
  type LlmProxySpec,
  type SnapshotProvider,
  type SnapshotProxy,
} from '@penstock/contracts';

/** Where a provider says nothing: connect includes TLS, idle leaves room for models that think in silence. */
const DEFAULT_TIMEOUTS = { connectMs: 3_000, firstByteMs: 600_000, idleMs: 180_000, totalMs: 900_000 };

type TimeoutFields = Pick<LlmProviderSpec, 'timeouts' | 'resilience' | 'upstream'> &
  Partial<Pick<LlmProviderSpec, 'upstreamDefinitions'>>;

/** The timeouts of a provider as the data plane gets them, however they are spelled. */
export function snapshotTimeouts(spec: TimeoutFields): SnapshotProvider['timeouts'] {
  const { timeouts, resilience, upstream, upstreamDefinitions = [] } = spec;
  const definition = upstreamDefinitions.find(({ name }) => name === upstream.ref);
  const ms = (duration: string | undefined, otherwise: number): number =>
    duration === undefined ? otherwise : durationToMs(duration);
  return {
    connectMs: ms(timeouts.connect ?? definition?.timeout?.connect, DEFAULT_TIMEOUTS.connectMs),
    firstByteMs: ms(timeouts.firstByte, DEFAULT_TIMEOUTS.firstByteMs),
    idleMs: ms(timeouts.idle ?? resilience?.idleTimeout, DEFAULT_TIMEOUTS.idleMs),
    totalMs: ms(timeouts.total ?? resilience?.timeout, DEFAULT_TIMEOUTS.totalMs),
  };
}

/** The bounds of a proxy; undefined where it says nothing. */
export function proxyTimeouts({ resilience }: Pick<LlmProxySpec, 'resilience'>): SnapshotProxy['timeouts'] {
  const { timeout, idleTimeout } = resilience ?? {};
  if (timeout === undefined && idleTimeout === undefined) return undefined;
  return {
    ...(idleTimeout !== undefined && { idleMs: durationToMs(idleTimeout) }),
    ...(timeout !== undefined && { totalMs: durationToMs(timeout) }),
  };
}
