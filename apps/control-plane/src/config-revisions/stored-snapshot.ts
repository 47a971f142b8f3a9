import type {
  ConfigSnapshot,
  SnapshotModel,
  SnapshotOrganization,
  SnapshotProvider,
  SnapshotTeam,
} from '@penstock/contracts';

type StoredModel = Omit<SnapshotModel, 'profile' | 'limits'> & Partial<SnapshotModel>;
type StoredProvider = Omit<SnapshotProvider, 'models'> & { readonly models: readonly StoredModel[] | null };
type StoredTeam = Omit<SnapshotTeam, 'keyLimits'> & Partial<SnapshotTeam>;

/** What releases before this one have left out. */
type StoredSnapshot = Omit<ConfigSnapshot, 'organizations' | 'providers' | 'teams'> & {
  readonly organizations?: readonly SnapshotOrganization[];
  readonly providers: readonly StoredProvider[];
  readonly teams: readonly StoredTeam[];
};

/** The snapshot of a revision that this or an earlier release has stored. */
export function readStoredSnapshot(body: string): ConfigSnapshot {
  // Written by us; its checksum is stored beside it.
  const stored = JSON.parse(body) as StoredSnapshot;
  return {
    ...stored,
    organizations: stored.organizations ?? [],
    providers: stored.providers.map((provider) => ({
      ...provider,
      models: provider.models && models(provider.models),
    })),
    teams: stored.teams.map((team) => ({ keyLimits: [], ...team })),
  };
}

function models(stored: readonly StoredModel[]): SnapshotModel[] {
  return stored.map((model) => ({ profile: {}, limits: [], ...model }));
}
