import type { ConfigSnapshot, Limit, QuotaSpec, SnapshotLimit } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import type { Quota } from '../prisma/generated/client.ts';
import { toQuota } from '../quotas/quota.mapper.ts';
import { quotasRepository } from '../quotas/quotas.repository.ts';
import type { RestorableKind, Restoration } from './restoration.ts';

const quotaKind: RestorableKind<Quota> = { kind: 'Quota', repository: quotasRepository, describe: toQuota };

/** Gives quotas the limits of then. A quota that was attached to nothing then is in no snapshot: it stays as it is. */
export async function restoreQuotas(restoration: Restoration): Promise<void> {
  for (const [name, limits] of limitsByQuota(restoration.earlier)) {
    const existing = await restoration.find(quotaKind, name);
    const spec = existing?.spec as QuotaSpec | undefined;
    if (spec && canonicalJson(spec.limits) === canonicalJson(limits)) continue;
    await restoration.write(quotaKind, { name, existing, spec: { ...spec, limits } });
  }
}

/** Every subject has all limits of a quota, so the first one that has any tells them all. */
function limitsByQuota(snapshot: ConfigSnapshot): ReadonlyMap<string, Limit[]> {
  const byQuota = new Map<string, Limit[]>();
  for (const limits of attachedLimits(snapshot)) {
    for (const [quota, found] of Map.groupBy(limits, (limit) => limit.quota)) {
      if (!byQuota.has(quota))
        byQuota.set(
          quota,
          found.map(({ limit }) => limit),
        );
    }
  }
  return byQuota;
}

/** The limits of everything that has some. */
function* attachedLimits(snapshot: ConfigSnapshot): Generator<readonly SnapshotLimit[]> {
  const { organizations, providers, proxies, teams, virtualKeys } = snapshot;
  for (const { limits } of [...organizations, ...providers, ...proxies, ...teams, ...virtualKeys]) yield limits;
  for (const { keyLimits } of teams) yield keyLimits;
  for (const { models } of providers) for (const { limits } of models ?? []) yield limits;
}
