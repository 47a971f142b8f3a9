import { holdsUpperBound, type SnapshotLimit } from '@penstock/contracts';
import type { CompiledLimit, SubjectKind } from './compiled-config.ts';

/** In which organization limits count, and how its windows begin. */
export interface LimitScope {
  readonly organizationId: string;
  readonly timeZone?: string;
  readonly reseeded?: boolean;
}

/** Whose limits they are. */
export interface LimitSubject {
  readonly kind: SubjectKind;
  /** What callers and admins know it by. */
  readonly name: string;
  /** Name of the counter: see `ApplicableLimit.subject`. */
  readonly subject: string;
  /** Of limits of a provider and its models. */
  readonly providerId?: string;
}

/** Limits of one subject, ready to be charged. */
export function compileLimits(
  scope: LimitScope,
  { kind, name, subject, providerId }: LimitSubject,
  limits: readonly SnapshotLimit[],
): readonly CompiledLimit[] {
  return limits.map(({ quota, id, limit }) => ({
    applicable: { ...scope, subject, id, quota, limit },
    unit: limit.unit,
    largestCharge: limit.burst ?? limit.max,
    hard: holdsUpperBound(limit),
    enforced: limit.mode === 'enforce',
    kind,
    name,
    providerId: providerId ?? null,
  }));
}
