import type { SnapshotOrganization } from '@penstock/contracts';
import { compileLimits, type LimitScope } from './compile-limits.ts';
import type { CompiledOrganization } from './compiled-config.ts';

/** The organizations of a snapshot; of others it is only known that they exist. */
export class Organizations {
  readonly byId: ReadonlyMap<string, CompiledOrganization>;
  readonly #scopes: ReadonlyMap<string, LimitScope>;

  constructor(organizations: readonly SnapshotOrganization[]) {
    this.#scopes = new Map(
      organizations.map(({ id, timeZone, reseeded }) => [id, { organizationId: id, timeZone, reseeded }]),
    );
    this.byId = new Map(
      organizations.map(({ id, name, timeZone, limits }) => {
        const subject = { kind: 'organization', name, subject: `organization:${id}` } as const;
        return [id, { name, timeZone, limits: compileLimits(this.scopeOf(id), subject, limits) }];
      }),
    );
  }

  /** How limits count in an organization: windows begin in UTC, and nothing is written back, where it is not known. */
  scopeOf(id: string): LimitScope {
    return this.#scopes.get(id) ?? { organizationId: id };
  }
}
