import type { ConfigSnapshot } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';

/** One entity that two snapshots do not have alike. Secrets are left out. */
export interface SnapshotDifference {
  readonly kind: 'LlmProvider' | 'LlmProxy' | 'Organization' | 'Secret' | 'Team' | 'VirtualKey';
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Fields that differ; empty unless `changed`. */
  readonly fields: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

interface Entity {
  readonly id: string;
  readonly name: string;
}

const SECRET_FIELDS = new Set(['sealedValue', 'hash']);

/** What changed from one snapshot to another, entity by entity. */
export function diffSnapshots(before: ConfigSnapshot, after: ConfigSnapshot): SnapshotDifference[] {
  return [
    ...diffEntities('Organization', before.organizations, after.organizations),
    ...diffEntities('LlmProvider', before.providers, after.providers),
    ...diffEntities('LlmProxy', before.proxies, after.proxies),
    ...diffEntities('Team', before.teams, after.teams),
    ...diffEntities('VirtualKey', before.virtualKeys, after.virtualKeys),
    ...diffEntities('Secret', before.secrets ?? [], after.secrets ?? []),
  ];
}

function diffEntities(
  kind: SnapshotDifference['kind'],
  before: readonly Entity[],
  after: readonly Entity[],
): SnapshotDifference[] {
  const old = new Map(before.map((entity) => [entity.id, entity]));
  const present = new Set(after.map((entity) => entity.id));
  const removed = before
    .filter((entity) => !present.has(entity.id))
    .map((entity) => difference(kind, entity, undefined));
  const others = after.flatMap((entity) => {
    const previous = old.get(entity.id);
    return previous && canonicalJson(previous) === canonicalJson(entity) ? [] : difference(kind, previous, entity);
  });
  return [...removed, ...others];
}

function difference(
  kind: SnapshotDifference['kind'],
  before: Entity | undefined,
  after: Entity | undefined,
): SnapshotDifference {
  return {
    kind,
    name: (after ?? before)?.name ?? '',
    change: before ? (after ? 'changed' : 'removed') : 'added',
    fields: before && after ? changedFields(before, after) : [],
    before: before ? withoutSecrets(before) : null,
    after: after ? withoutSecrets(after) : null,
  };
}

function changedFields(before: Entity, after: Entity): string[] {
  const [old, fresh] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...old.keys(), ...fresh.keys()]);
  return [...names].filter((name) => canonicalJson(old.get(name)) !== canonicalJson(fresh.get(name)));
}

function withoutSecrets(entity: Entity): unknown {
  const text = JSON.stringify(entity, (key, value: unknown) => (SECRET_FIELDS.has(key) ? '[secret]' : value));
  return JSON.parse(text);
}
