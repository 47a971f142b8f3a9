import type { SnapshotPrice } from '@penstock/contracts';
import type { SnapshotRows } from './snapshot-rows.ts';

type PriceRow = SnapshotRows['prices'][number];

/** Prices by provider id and model, those that hold longest first: the last one whose time has come is in force. */
export function pricesByModel(rows: readonly PriceRow[]): ReadonlyMap<string, Record<string, SnapshotPrice[]>> {
  const byProvider = new Map<string, Record<string, SnapshotPrice[]>>();
  for (const row of rows.toSorted(byStart)) {
    let models = byProvider.get(row.providerId);
    if (!models) byProvider.set(row.providerId, (models = Object.create(null) as Record<string, SnapshotPrice[]>));
    (models[row.spec.model] ??= []).push(snapshotPrice(row));
  }
  return byProvider;
}

function byStart(left: PriceRow, right: PriceRow): number {
  return startOf(left) - startOf(right) || left.updatedAt.getTime() - right.updatedAt.getTime();
}

function startOf({ spec }: PriceRow): number {
  return spec.effectiveFrom === undefined ? 0 : Date.parse(spec.effectiveFrom);
}

function snapshotPrice({ id, updatedAt, spec }: PriceRow): SnapshotPrice {
  return {
    version: `${id}@${updatedAt.toISOString()}`,
    inputPerMillion: spec.inputPerMillion,
    outputPerMillion: spec.outputPerMillion,
    cachedInputPerMillion: spec.cachedInputPerMillion ?? spec.inputPerMillion,
    reasoningPerMillion: spec.reasoningPerMillion ?? spec.outputPerMillion,
    effectiveFrom: spec.effectiveFrom === undefined ? null : new Date(spec.effectiveFrom).toISOString(),
  };
}
