import type { Lease } from './lease.ts';

/** A Lease as the API has it. */
export interface LeaseObject {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly resourceVersion?: string };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export function fromLeaseObject({ metadata, spec = {} }: LeaseObject): Lease {
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    resourceVersion: metadata.resourceVersion ?? '',
    holder: spec.holderIdentity ?? '',
    durationSeconds: spec.leaseDurationSeconds ?? 0,
    acquiredAt: new Date(spec.acquireTime ?? 0),
    renewedAt: new Date(spec.renewTime ?? 0),
    transitions: spec.leaseTransitions ?? 0,
  };
}

export function toLeaseObject(lease: Lease) {
  const { namespace, name, resourceVersion } = lease;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name, ...(resourceVersion !== '' && { resourceVersion }) },
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: lease.durationSeconds,
      acquireTime: microTime(lease.acquiredAt),
      renewTime: microTime(lease.renewedAt),
      leaseTransitions: lease.transitions,
    },
  };
}

/** Leases tell microseconds. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
