import type { ConfigSnapshot } from '@penstock/contracts';

/**
 * An earlier state as the next revision. Providers, proxies, permissions and limits come back; who may come in does not: keys
 * that were revoked, disabled or deleted since stay out, new ones stay in, rotated secrets and suspended teams stay as they are.
 */
export function restoreSnapshot(earlier: ConfigSnapshot, current: ConfigSnapshot): ConfigSnapshot {
  const earlierTeams = new Map(earlier.teams.map((team) => [team.id, team]));
  const earlierKeys = new Map(earlier.virtualKeys.map((key) => [key.id, key]));
  return {
    ...current,
    providers: earlier.providers,
    proxies: earlier.proxies,
    teams: current.teams.map((team) => ({ ...team, limits: earlierTeams.get(team.id)?.limits ?? team.limits })),
    virtualKeys: current.virtualKeys.map((key) => {
      const before = earlierKeys.get(key.id);
      if (!before) return key;
      const { teamId, secrets, expiresAt } = key;
      return { ...before, teamId, secrets, expiresAt };
    }),
  };
}
