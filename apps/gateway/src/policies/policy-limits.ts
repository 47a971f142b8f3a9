import type { Limit, LimitTime, LimitUnit } from '@penstock/contracts';
import { hash } from 'node:crypto';
import { compileLimits } from '../config/compile-limits.ts';
import type { CompiledKey, CompiledLimit } from '../config/compiled-config.ts';
import type { BodyCall } from './policy.ts';
import type { PolicyOwner } from './policy-factory.ts';

/** Limits that a policy puts on an operation. */
export interface PolicyLimits {
  /** They go by each request, and not by its key alone. */
  readonly isPerRequest?: boolean;
  /** Those that a key meets, the same objects each time unless they go by the request; null: nobody is known. */
  of(key: CompiledKey | null, call: BodyCall | null): readonly CompiledLimit[];
}

/** What one entry of a policy's parameters comes to. */
export interface LimitEntry {
  readonly unit: LimitUnit;
  /** As the parameters say it: it names the counter, so that amounts may change. */
  readonly duration: string;
  readonly time: LimitTime;
}

/** What stands in the name of every counter of a policy. */
export const POLICY_SUBJECT = '/policy:';

/** What the counters of a policy at one of its places belong to. */
export function policySubject(
  policy: string,
  { proxyId, providerId, place }: Pick<PolicyOwner, 'proxyId' | 'providerId' | 'place'>,
): string {
  const at = place === '' ? '' : `/at:${hash('sha256', place, 'hex').slice(0, 16)}`;
  const whose = providerId === undefined ? `proxy:${proxyId}` : `provider:${providerId}`;
  return `${whose}${POLICY_SUBJECT}${policy}${at}`;
}

/** Limits of a policy, which all callers share, or each of which every key has for itself. */
export function policyLimits(
  policy: string,
  entries: readonly LimitEntry[],
  { owner, consumerBased }: { readonly owner: PolicyOwner; readonly consumerBased: boolean },
): PolicyLimits {
  const { organizationId, proxyName, providerId } = owner;
  const subject = policySubject(policy, owner);
  const limits = tightest(entries).map(({ unit, duration, time }) => {
    const limit: Limit = { unit, mode: 'enforce', ...time };
    return { quota: policy, id: `${policy}/${unit}/${duration}`, limit };
  });
  const place = providerId === undefined ? ({ kind: 'proxy' } as const) : ({ kind: 'provider', providerId } as const);
  const shared = compileLimits({ organizationId }, { ...place, name: proxyName, subject }, limits);
  const byKey = new WeakMap<CompiledKey, readonly CompiledLimit[]>();
  return {
    of(key) {
      if (!consumerBased || key === null) return shared;
      const known = byKey.get(key);
      if (known) return known;
      const whose = { ...place, kind: 'key', name: key.name, subject: `${subject}/key:${key.id}` } as const;
      const own = compileLimits({ organizationId }, whose, limits);
      byKey.set(key, own);
      return own;
    },
  };
}

/** Of several entries for the same thing in the same time only the least one counts. */
function tightest(entries: readonly LimitEntry[]): readonly LimitEntry[] {
  const byName = new Map<string, LimitEntry>();
  for (const entry of entries) {
    const name = `${entry.unit}/${entry.duration}`;
    const known = byName.get(name);
    if (!known || entry.time.max < known.time.max) byName.set(name, entry);
  }
  return [...byName.values()];
}
