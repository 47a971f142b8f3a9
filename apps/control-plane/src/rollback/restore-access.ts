import type { ConfigSnapshot, SnapshotTeam, SnapshotVirtualKey, VirtualKeySpec } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import type { Team } from '../prisma/generated/client.ts';
import { ownQuotas } from '../resources/quota-attachments.ts';
import { storedTeamSpec, teamQuotas, toTeam } from '../teams/team.mapper.ts';
import { teamsRepository } from '../teams/teams.repository.ts';
import { type KeyRow, toVirtualKey } from '../virtual-keys/virtual-key.mapper.ts';
import { virtualKeysRepository } from '../virtual-keys/virtual-keys.repository.ts';
import { quotaNames } from './quota-names.ts';
import type { RestorableKind, Restoration } from './restoration.ts';
import { tighterQuotas, tighterRanges, tighterSelection } from './tighter.ts';

const teamKind: RestorableKind<Team> = { kind: 'Team', repository: teamsRepository, describe: toTeam };

/**
 * Teams and keys that serve now take back what they were given since, and keep what was taken from them. Nothing comes back
 * to life: deleted, revoked, expired and disabled keys stay so, teams stay suspended, and new keys keep what they have.
 */
export async function restoreAccess(restoration: Restoration, current: ConfigSnapshot): Promise<void> {
  const earlierTeams = new Map(restoration.earlier.teams.map((team) => [team.id, team]));
  for (const { id, name } of current.teams) {
    const then = earlierTeams.get(id);
    if (then) await restoreTeam(restoration, name, then);
  }
  const earlierKeys = new Map(restoration.earlier.virtualKeys.map((key) => [key.id, key]));
  for (const now of current.virtualKeys) {
    const then = earlierKeys.get(now.id);
    // Most keys are alike then and now; only the others are read.
    if (then && differ(then, now)) await restoreKey(restoration, then);
  }
}

async function restoreTeam(restoration: Restoration, name: string, then: SnapshotTeam): Promise<void> {
  const existing = await restoration.find(teamKind, name);
  if (!existing) return; // of another organization
  const spec = storedTeamSpec(existing.spec);
  const restored = {
    ...spec,
    quotas: [...tighterQuotas(quotaNames(then.limits), spec.quotas)],
    keyQuotas: [...tighterQuotas(quotaNames(then.keyLimits), spec.keyQuotas)],
  };
  if (canonicalJson(restored) === canonicalJson(spec)) return;
  const attach = (teamId: string): Promise<void> => restoration.attach({ teamId }, teamQuotas(restored));
  await restoration.write(teamKind, { name, existing, spec: restored, attach });
}

async function restoreKey(restoration: Restoration, then: SnapshotVirtualKey): Promise<void> {
  const keyKind: RestorableKind<KeyRow> = {
    kind: 'VirtualKey',
    repository: virtualKeysRepository,
    describe: (row) => toVirtualKey(row, restoration.now),
  };
  const existing = await restoration.find(keyKind, then.name);
  if (!existing) return;
  const spec = existing.spec as VirtualKeySpec;
  const restored = {
    ...spec,
    proxies: await namesOfProxies(restoration, tighterSelection(then.proxies, spec.proxies), spec.proxies),
    models: [...tighterSelection(then.models, spec.models)],
    ipAllowList: [...tighterRanges(then.ipAllowList, spec.ipAllowList)],
    quotas: [...tighterQuotas(quotaNames(then.limits), spec.quotas)],
  };
  if (canonicalJson(restored) === canonicalJson(spec)) return;
  const attach = (virtualKeyId: string): Promise<void> => restoration.attach({ virtualKeyId }, [ownQuotas(restored)]);
  const columns = { proxies: restored.proxies };
  await restoration.write(keyKind, { name: then.name, existing, spec: restored, columns, attach });
}

function differ(then: SnapshotVirtualKey, now: SnapshotVirtualKey): boolean {
  const compared = ({ proxies, models, ipAllowList, limits }: SnapshotVirtualKey): string =>
    canonicalJson({ proxies, models, ipAllowList, quotas: quotaNames(limits) });
  return compared(then) !== compared(now);
}

/** Those of the names that still are proxies: a key must not name what does not exist. `otherwise` where none is left. */
async function namesOfProxies(
  { transaction, organizationId }: Restoration,
  names: readonly string[],
  otherwise: readonly string[],
): Promise<string[]> {
  const rows = await transaction.llmProxy.findMany({
    where: { organizationId, name: { in: [...names] } },
    select: { name: true },
  });
  const known = new Set(['*', ...rows.map(({ name }) => name)]);
  const left = names.filter((name) => known.has(name));
  return left.length > 0 ? left : [...otherwise];
}
