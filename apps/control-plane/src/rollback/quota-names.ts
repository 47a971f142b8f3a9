import type { SnapshotLimit } from '@penstock/contracts';

/** Names of the quotas that these limits came from, each once, in the order in which they were attached. */
export function quotaNames(limits: readonly SnapshotLimit[]): string[] {
  return [...new Set(limits.map(({ quota }) => quota))];
}
