import type { SnapshotOrganization, SnapshotProxy, SnapshotVirtualKey } from '@penstock/contracts';
import type { PolicyChains } from '../policies/compile-policies.ts';
import type { RouteTable } from '../http/route-table.ts';
import type { CompiledConfig, KeySecret, CompiledOrganization, CompiledProxy } from './compiled-config.ts';
import { Derived, LastDerived } from './derived.ts';

/** The policies of a proxy, and what it shows to its providers. */
export interface OpenedProxy extends Pick<CompiledProxy, 'hops'> {
  readonly policies: PolicyChains;
}

/** A proxy, and where it stands. */
export interface ServedProxy {
  readonly proxy: CompiledProxy;
  readonly vhost: string | undefined;
  /** With the chains of its operations, which remember what meets at it: its limits and those of keys. */
  readonly paths: RouteTable;
}

/** What stands on all hosts, and what on particular ones. */
export type HostPaths = Pick<CompiledConfig, 'paths' | 'hosts'>;

/** A secret that opens a key, and its hash. */
export interface HashedSecret {
  readonly hash: string;
  readonly secret: KeySecret;
}

/** What a gateway compiled for the snapshots before, to be taken over where it still holds. */
export class CompileMemory {
  readonly organizations = new Derived<SnapshotOrganization, CompiledOrganization>();
  readonly openedProxies = new Derived<SnapshotProxy, OpenedProxy>();
  readonly proxies = new Derived<SnapshotProxy, ServedProxy>();
  /** Of all proxies together, as long as they are the same ones in the same order. */
  readonly hosts = new LastDerived<HostPaths>();
  readonly keys = new Derived<SnapshotVirtualKey, readonly HashedSecret[]>();

  /** Begins a snapshot; see {@link Derived}. */
  begin(): void {
    for (const derived of [this.organizations, this.openedProxies, this.proxies, this.keys]) derived.begin();
  }

  /** Ends it. */
  turn(): void {
    for (const derived of [this.organizations, this.openedProxies, this.proxies, this.keys]) derived.turn();
  }
}
