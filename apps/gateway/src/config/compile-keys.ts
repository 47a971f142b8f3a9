import { BlockList, isIP } from 'node:net';
import type { SnapshotTeam, SnapshotVirtualKey } from '@penstock/contracts';
import { compileModelFilter } from '@penstock/routing';
import { compileLimits } from './compile-limits.ts';
import type { CompileMemory, HashedSecret } from './compile-memory.ts';
import type { Organizations } from './compile-organizations.ts';
import type { CompiledKey, CompiledLimit, KeySecret } from './compiled-config.ts';

/** Keys that are read without a pause. */
const STEP = 100;

/** Keys by the hashes of the secrets that open them. Yields after each step. */
export function* compileKeys(
  keys: readonly SnapshotVirtualKey[],
  snapshotTeams: readonly SnapshotTeam[],
  organizations: Organizations,
  memory: Pick<CompileMemory, 'keys'>,
): Generator<void, ReadonlyMap<string, KeySecret>> {
  const teams = new Map(snapshotTeams.map((team) => [team.id, team]));
  const byHash = new Map<string, KeySecret>();
  for (const [index, key] of keys.entries()) {
    if (index % STEP === STEP - 1) yield;
    const team = teams.get(key.teamId);
    const own = organizations.sourceOf(key.organizationId);
    const sources = [team, own, team && organizations.sourceOf(team.organizationId)];
    const secrets = memory.keys.of(key, sources, () => secretsOf(key, new LazyKey(key, team, organizations)));
    for (const { hash, secret } of secrets) byHash.set(hash, secret);
  }
  return byHash;
}

/** A key that is compiled with its first request: of ten thousand few are in use at a time. */
class LazyKey {
  readonly #parts: readonly [SnapshotVirtualKey, SnapshotTeam | undefined, Organizations];
  #compiled: CompiledKey | undefined;

  constructor(...parts: readonly [SnapshotVirtualKey, SnapshotTeam | undefined, Organizations]) {
    this.#parts = parts;
  }

  get compiled(): CompiledKey {
    return (this.#compiled ??= compileKey(...this.#parts));
  }
}

class SecretOfKey implements KeySecret {
  readonly expiresAt: number;
  readonly #key: LazyKey;

  constructor(key: LazyKey, expiresAt: number) {
    this.#key = key;
    this.expiresAt = expiresAt;
  }

  get key(): CompiledKey {
    return this.#key.compiled;
  }
}

function secretsOf(snapshot: SnapshotVirtualKey, key: LazyKey): readonly HashedSecret[] {
  const keyExpiresAt = timeOf(snapshot.expiresAt);
  return snapshot.secrets.map(({ hash, expiresAt }) => ({
    hash,
    secret: new SecretOfKey(key, Math.min(keyExpiresAt, timeOf(expiresAt))),
  }));
}

function compileKey(
  key: SnapshotVirtualKey,
  team: SnapshotTeam | undefined,
  organizations: Organizations,
): CompiledKey {
  return {
    id: key.id,
    name: key.name,
    organizationId: key.organizationId,
    teamId: key.teamId,
    teamName: team?.name ?? '',
    teamSuspended: team?.suspended ?? false,
    expiresAt: timeOf(key.expiresAt),
    proxies: key.proxies.includes('*') ? null : new Set(key.proxies),
    providers: key.providers && key.providers.length > 0 ? new Set(key.providers) : null,
    allowsModel: compileModelFilter(key.models),
    addresses: key.ipAllowList.length === 0 ? null : compileAddresses(key.ipAllowList),
    limits: limitsOf(key, team, organizations),
  };
}

/** Of the key itself, what each key of its team has, and what all of them share. */
function limitsOf(
  { id, name, organizationId, limits }: SnapshotVirtualKey,
  team: SnapshotTeam | undefined,
  organizations: Organizations,
): readonly CompiledLimit[] {
  const own = compileLimits(organizations.scopeOf(organizationId), { kind: 'key', name, subject: `key:${id}` }, limits);
  if (!team) return own;
  const scope = organizations.scopeOf(team.organizationId);
  return [
    ...own,
    ...compileLimits(scope, { kind: 'key', name, subject: `team:${team.id}/key:${id}` }, team.keyLimits),
    ...compileLimits(scope, { kind: 'team', name: team.name, subject: `team:${team.id}` }, team.limits),
  ];
}

function compileAddresses(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function timeOf(time: string | null): number {
  return time === null ? Infinity : Date.parse(time);
}
