import type { SnapshotOrganization, SnapshotProxy, SnapshotVirtualKey } from '@penstock/contracts';
import type { PolicyChains } from '../policies/compile-policies.ts';
import type { CompiledKey, CompiledOrganization, CompiledProxy } from './compiled-config.ts';
import { Derived } from './derived.ts';

/** The policies of a proxy, and what it shows to its providers. */
export interface OpenedProxy extends Pick<CompiledProxy, 'hops'> {
  readonly policies: PolicyChains;
}

/** A proxy with the chains of its operations, which remember what meets at it: its limits and those of keys. */
export interface ServedProxy {
  readonly proxy: CompiledProxy;
  readonly vhost: string | undefined;
  readonly policies: PolicyChains;
}

/** What a gateway compiled for the snapshots before, to be taken over where it still holds. */
export class CompileMemory {
  readonly organizations = new Derived<SnapshotOrganization, CompiledOrganization>();
  readonly openedProxies = new Derived<SnapshotProxy, OpenedProxy>();
  readonly proxies = new Derived<SnapshotProxy, ServedProxy>();
  readonly keys = new Derived<SnapshotVirtualKey, CompiledKey>();
}
