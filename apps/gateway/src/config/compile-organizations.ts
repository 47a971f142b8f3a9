import type { SnapshotOrganization } from '@penstock/contracts';
import type { CompileMemory } from './compile-memory.ts';
import { compileLimits, type LimitScope } from './compile-limits.ts';
import type { CompiledOrganization } from './compiled-config.ts';

/** The organizations of a snapshot; of others it is only known that they exist. */
export class Organizations {
  readonly byId: ReadonlyMap<string, CompiledOrganization>;
  readonly #scopes: ReadonlyMap<string, LimitScope>;
  readonly #sources: ReadonlyMap<string, SnapshotOrganization>;

  constructor(organizations: readonly SnapshotOrganization[], memory: Pick<CompileMemory, 'organizations'>) {
    this.#sources = new Map(organizations.map((organization) => [organization.id, organization]));
    this.#scopes = new Map(
      organizations.map(({ id, timeZone, reseeded }) => [id, { organizationId: id, timeZone, reseeded }]),
    );
    this.byId = new Map(
      organizations.map((organization) => [
        organization.id,
        memory.organizations.of(organization, [], () => this.#compile(organization)),
      ]),
    );
  }

  /** What limits of an organization are compiled from; undefined where it is not known. */
  sourceOf(id: string): SnapshotOrganization | undefined {
    return this.#sources.get(id);
  }

  /** How limits count in an organization: windows begin in UTC, and nothing is written back, where it is not known. */
  scopeOf(id: string): LimitScope {
    return this.#scopes.get(id) ?? { organizationId: id };
  }

  #compile({ id, name, timeZone, limits }: SnapshotOrganization): CompiledOrganization {
    const subject = { kind: 'organization', name, subject: `organization:${id}` } as const;
    return { name, timeZone, limits: compileLimits(this.scopeOf(id), subject, limits) };
  }
}
