import { durationToMs, type LlmProviderSpec, type SnapshotProvider } from '@penstock/contracts';

/** Where a provider says nothing: connect includes TLS, idle leaves room for models that think in silence. */
const DEFAULT_TIMEOUTS = { connectMs: 3_000, firstByteMs: 600_000, idleMs: 180_000, totalMs: 900_000 };

/** The timeouts of a provider as the data plane gets them. */
export function snapshotTimeouts({ timeouts }: Pick<LlmProviderSpec, 'timeouts'>): SnapshotProvider['timeouts'] {
  const { connect, firstByte, idle, total } = timeouts;
  return {
    connectMs: connect === undefined ? DEFAULT_TIMEOUTS.connectMs : durationToMs(connect),
    firstByteMs: firstByte === undefined ? DEFAULT_TIMEOUTS.firstByteMs : durationToMs(firstByte),
    idleMs: idle === undefined ? DEFAULT_TIMEOUTS.idleMs : durationToMs(idle),
    totalMs: total === undefined ? DEFAULT_TIMEOUTS.totalMs : durationToMs(total),
  };
}
