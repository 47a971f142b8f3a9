import { Injectable } from '@nestjs/common';
import { type Organization, OrganizationManifest, type OrganizationSpec } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import type { Json } from '../common/merge-patch.ts';
import type { Versioned } from '../common/versioned.ts';
import { attachQuotas, ownQuotas, resolveQuotas } from '../resources/quota-attachments.ts';
import type { Manifest, PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { type OrganizationRow, toOrganization } from './organization.mapper.ts';
import { organizationRepository } from './organization.repository.ts';

const organizationKind: ResourceKind<OrganizationSpec, OrganizationRow, Organization> = {
  kind: 'Organization',
  singleton: true,
  manifest: OrganizationManifest,
  repository: organizationRepository,
  toDocument: toOrganization,
  prepare,
  // Nothing refers to it by name, and there is no route that deletes it.
  references: async () => [],
};

async function prepare(
  spec: OrganizationSpec,
  { transaction, actor }: WriteContext<OrganizationRow>,
): Promise<PreparedSpec> {
  const quotas = await resolveQuotas(transaction, actor.organizationId, [ownQuotas(spec)]);
  const attach = async ({ id }: { readonly id: string }): Promise<void> =>
    attachQuotas(transaction, actor.organizationId, { subjectOrganizationId: id }, quotas);
  return { spec, columns: {}, attach };
}

/** The document of the actor's own organization. */
@Injectable()
export class OrganizationService {
  readonly kind = organizationKind;
  readonly #documents: ResourceService<OrganizationSpec, OrganizationRow, Organization>;

  constructor(private readonly tools: ResourceTools) {
    this.#documents = new ResourceService(organizationKind, tools);
  }

  async get(actor: Actor): Promise<Versioned<Organization>> {
    return this.#documents.get(actor, await this.#nameOf(actor));
  }

  async replace(
    actor: Actor,
    manifest: Manifest<OrganizationSpec>,
    ifMatch?: string,
  ): Promise<Versioned<Organization>> {
    return this.#documents.replace(actor, await this.#nameOf(actor), manifest, ifMatch);
  }

  async patch(actor: Actor, patch: Readonly<Record<string, Json>>, ifMatch?: string): Promise<Versioned<Organization>> {
    return this.#documents.patch(actor, await this.#nameOf(actor), patch, ifMatch);
  }

  /** Names of organizations never change. */
  async #nameOf({ organizationId }: Actor): Promise<string> {
    const row = await this.tools.prisma.client.organization.findUnique({
      where: { id: organizationId },
      select: { name: true },
    });
    if (!row) throw new AdminError('not_found', 'There is no such organization.');
    return row.name;
  }
}
