import type { BlockList } from 'node:net';
import type { LimitUnit, SnapshotPrice, SnapshotProvider, SnapshotProxy } from '@penstock/contracts';
import type { ParameterPolicy } from '@penstock/dialects';
import type { ModelProfiles, ProviderAdapter } from '@penstock/providers';
import type { ApplicableLimit } from '@penstock/rate-limiting';
import type { ProxyRoutes } from '@penstock/routing';
import type { CircuitBreaker } from '../dispatch/circuit-breaker.ts';
import type { CircuitBreakers } from '../dispatch/circuit-breakers.ts';
import type { RouteTable } from '../http/route-table.ts';
import type { MeteredProvider } from '../telemetry/gateway-metrics.ts';
import type { ConnectionPool } from '../upstream/connection-pool.ts';
import type { TargetLoads } from '../dispatch/target-loads.ts';
import type { TokenExtraction } from '../dispatch/token-extraction.ts';
import type { TokenRatios } from '../dispatch/token-ratios.ts';
import type { HostTables } from '../http/host-tables.ts';
import type { LimitPlans } from './limit-plans.ts';
import type { LimitSet } from './limit-set.ts';
import type { ProviderRules } from './provider-rules.ts';

/** What limits are attached to; `key` also for what each key of a team has. */
export type SubjectKind = 'organization' | 'team' | 'key' | 'proxy' | 'provider' | 'model';

/** One limit of one subject, ready to be charged. */
export interface CompiledLimit {
  readonly applicable: ApplicableLimit;
  readonly unit: LimitUnit;
  /** The most that can be taken at once. */
  readonly largestCharge: number;
  /** Holds the most that a request can use, and not what it will probably use. */
  readonly hard: boolean;
  /** Refuses, and does not only count. */
  readonly enforced: boolean;
  readonly kind: SubjectKind;
  /** What callers and admins know the subject by. */
  readonly name: string;
  /** Of limits of a provider and its models; else null. */
  readonly providerId: string | null;
}

export interface CompiledOrganization {
  readonly name: string;
  /** IANA name; in which its days, weeks and months begin. */
  readonly timeZone: string;
  readonly limits: readonly CompiledLimit[];
}

/** One of several servers that stand for each other. */
export interface CompiledServer {
  readonly baseUrl: string;
  readonly weight: number;
  readonly pool: ConnectionPool;
  readonly breaker: CircuitBreaker;
}

/** A provider that can be called: its credential is open, its adapter known. */
export interface CompiledProvider extends MeteredProvider {
  readonly id: string;
  readonly baseUrl: string;
  /** Of the vendor's API, where it goes into the query. */
  readonly apiVersion: string | null;
  readonly adapter: ProviderAdapter;
  readonly profiles: ModelProfiles;
  /** Where its answers count tokens; null: where their dialect does. */
  readonly extraction: TokenExtraction | null;
  readonly auth: { readonly header: string; readonly value: string } | null;
  readonly timeouts: SnapshotProvider['timeouts'];
  /** The caller's Host header goes to the vendor. */
  readonly keepsHost: boolean;
  /** Where it is reached without a proxy; null: nowhere. */
  readonly context: string | null;
  /** Its access control and policies; null: it has neither. */
  readonly rules: ProviderRules | null;
  readonly pool: ConnectionPool;
  /** All servers with a weight; null: there is only the one at `baseUrl`. */
  readonly servers: readonly CompiledServer[] | null;
  readonly breakers: CircuitBreakers;
  readonly ratios: TokenRatios;
  readonly loads: TargetLoads;
  readonly prices: ReadonlyMap<string, readonly SnapshotPrice[]>;
  /** Of the provider itself. */
  readonly limits: LimitSet;
  /** By id, of the models that have limits of their own: those of the provider, then those of the model. */
  readonly modelLimits: ReadonlyMap<string, LimitSet>;
}

/** What a proxy shows to a provider whose policies ask for a key; it never leaves the gateway. */
export interface HopCredential {
  /** In lower case. */
  readonly header: string;
  readonly value: string;
}

export interface CompiledProxy {
  readonly id: string;
  readonly name: string;
  /** Path under which it is served. */
  readonly context: string;
  readonly organizationId: string;
  /** Nobody has to show a key. */
  readonly open: boolean;
  /** What becomes of parameters that a model does not have. */
  readonly unsupportedParameters: ParameterPolicy;
  readonly routes: ProxyRoutes;
  /** Of its organization, then its own. */
  readonly limits: readonly CompiledLimit[];
  /** No document's: those reach a provider by it who call its own context. Null: an ordinary proxy. */
  readonly direct: CompiledProvider | null;
  /** By the name under which it knows the provider; null: it shows none anywhere. */
  readonly hops: ReadonlyMap<string, HopCredential> | null;
  /** Beside those of its providers, the tighter one holding; null: none. */
  readonly timeouts: SnapshotProxy['timeouts'] | null;
}

export interface CompiledKey {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly teamSuspended: boolean;
  /** Epoch ms; infinite for a key without an end. */
  readonly expiresAt: number;
  /** Names of proxies; null: all. */
  readonly proxies: ReadonlySet<string> | null;
  /** Names of the providers that it opens without a proxy; null: none. */
  readonly providers: ReadonlySet<string> | null;
  readonly allowsModel: (model: string) => boolean;
  /** Null: any address. */
  readonly addresses: BlockList | null;
  /** Of the key itself, what each key of its team has, and of its team. */
  readonly limits: readonly CompiledLimit[];
}

/** One secret that opens a key. */
export interface KeySecret {
  readonly key: CompiledKey;
  readonly expiresAt: number;
}

/** A snapshot in the form in which requests use it. Immutable: a request keeps the one that it began with. */
export interface CompiledConfig {
  /** 0 before the first snapshot. */
  readonly revision: number;
  readonly checksum: string;
  readonly organizations: ReadonlyMap<string, CompiledOrganization>;
  readonly keysByHash: ReadonlyMap<string, KeySecret>;
  /** Keyed hashes of keys in use by the SHA-256 of the credential; filled as they are used. */
  readonly rememberedHashes: Map<string, string>;
  readonly providers: ReadonlyMap<string, CompiledProvider>;
  readonly proxies: readonly CompiledProxy[];
  readonly paths: RouteTable;
  /** Where the host decides as well; null: it does not. */
  readonly hosts: HostTables | null;
  readonly limitPlans: LimitPlans;
}
