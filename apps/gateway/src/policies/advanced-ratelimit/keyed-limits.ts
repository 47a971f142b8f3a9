import { AdvancedRateLimit, type Limit, type LimitTime } from '@penstock/contracts';
import { CALLER_KEYED } from '@penstock/rate-limiting';
import { compileLimits } from '../../config/compile-limits.ts';
import type { CompiledLimit } from '../../config/compiled-config.ts';
import type { BodyCall, PolicyAnswer } from '../policy.ts';
import type { PolicyOwner } from '../policy-factory.ts';
import { PolicyLimit } from '../policy-limit.ts';
import { policySubject } from '../policy-limits.ts';
import type { CostRule } from './cost-rule.ts';
import type { KeyRule } from './key-rule.ts';

/** One quota of the policy. */
export interface KeyedQuota {
  readonly name: string;
  readonly times: readonly { readonly duration: string; readonly time: LimitTime }[];
  readonly key: KeyRule;
  /** Its counters are those of the proxy, whichever of the policy's paths is asked. */
  readonly isOfWholeApi: boolean;
  /** Null: each request counts as one. */
  readonly cost: CostRule | null;
  /** Null: as all limits refuse. */
  readonly refusal: PolicyAnswer | null;
}

/** Keys whose limits are remembered; callers may make up any number of them. */
const MAX_REMEMBERED = 1_000;

/** The limits of a quota, one set for each key. Their counters live in Redis, which forgets them when they are free again. */
export class KeyedLimits {
  readonly #quota: KeyedQuota;
  readonly #owner: PolicyOwner;
  readonly #subject: string;
  /** By the name of the key, the oldest first. */
  readonly #remembered = new Map<string, readonly CompiledLimit[]>();

  constructor(quota: KeyedQuota, owner: PolicyOwner) {
    this.#quota = quota;
    this.#owner = owner;
    const place = quota.isOfWholeApi ? (owner.place.split(' ', 1)[0] ?? '') : owner.place;
    this.#subject = policySubject(AdvancedRateLimit.name, { ...owner, place });
  }

  /** How many keys are remembered. */
  get remembered(): number {
    return this.#remembered.size;
  }

  of(call: BodyCall): readonly CompiledLimit[] {
    const name = this.#quota.key.nameOf(call);
    // What one request costs is its own.
    if (this.#quota.cost) return this.#limitsOf(name, call);
    const known = this.#remembered.get(name);
    if (known) return known;
    const [oldest] = this.#remembered.size < MAX_REMEMBERED ? [] : this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
    const limits = this.#limitsOf(name, call);
    this.#remembered.set(name, limits);
    return limits;
  }

  #limitsOf(key: string, call: BodyCall): readonly CompiledLimit[] {
    const { name: quota, times, cost, refusal } = this.#quota;
    const { organizationId, proxyName: name, providerId } = this.#owner;
    const place = providerId === undefined ? ({ kind: 'proxy' } as const) : ({ kind: 'provider', providerId } as const);
    const measure = cost?.measure(call) ?? null;
    const limits = times.map(({ duration, time }) => {
      const limit: Limit = { unit: 'requests', mode: 'enforce', ...time };
      return { quota, id: `${AdvancedRateLimit.name}/${encodeURIComponent(quota)}/${duration}`, limit };
    });
    const subject = `${this.#subject}${CALLER_KEYED}${key}`;
    return compileLimits({ organizationId }, { ...place, name, subject }, limits).map((compiled) => ({
      ...compiled,
      applicable: new PolicyLimit(compiled.applicable, measure, refusal),
    }));
  }
}
