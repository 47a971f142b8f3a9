import type { ConfigSnapshot } from '@penstock/contracts';
import { MemoryRateLimiter } from '@penstock/rate-limiting';
import type { UsageSink } from '@penstock/usage';
import type { BackendsFactory } from '../backends.ts';
import { StaticSnapshotSource } from '../config/static-snapshot-source.ts';

/** Nobody collects usage events of a gateway that stands alone: its metrics say how much was used. */
const METRICS_ONLY: UsageSink = {
  open: () => ({ segment: null }),
  record: (_event, _opened, written) => written?.(),
  flush: async () => undefined,
  pending: 0,
  dropped: 0,
};

/** Backends that need nothing outside of the process. */
export function standaloneBackends(snapshot: ConfigSnapshot): BackendsFactory {
  return ({ apply }) => {
    const limiter = new MemoryRateLimiter({ clock: { now: () => Date.now() }, share: () => 1 });
    const loaded = { snapshot, checksum: '', origin: 'file', quarantined: [] } as const;
    return {
      limiter,
      sink: METRICS_ONLY,
      accounts: null,
      answers: null,
      similarAnswers: null,
      source: new StaticSnapshotSource(loaded, apply),
      start: () => undefined,
      reportState: () => undefined,
      close: () => limiter.close(),
    };
  };
}
