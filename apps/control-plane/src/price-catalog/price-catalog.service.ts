import { Inject, Injectable } from '@nestjs/common';
import type {
  CatalogModel,
  PriceCatalog,
  PriceCatalogStatus,
  UnknownPriceModels,
  UnknownPricesQuery,
} from '@penstock/contracts';
import type { Actor } from '../common/actor.ts';
import { ConfigWriter } from '../config-revisions/config-writer.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import type { Prisma } from '../prisma/generated/client.ts';
import { PrismaService, type Transaction } from '../prisma/prisma.service.ts';
import { reportingZone } from '../usage/reporting-zone.ts';
import { usageRange } from '../usage/usage-range.ts';
import { catalogSha256, catalogStatus } from './catalog-in-force.ts';
import { type CatalogModelQuery, pageOfModels } from './page-of-models.ts';
import { PriceCatalogStore } from './price-catalog.store.ts';
import { readUpload } from './read-upload.ts';
import { unknownPriceModels } from './unknown-price-models.ts';

/** Reads and replaces the list prices that hold where nobody has set a price. */
@Injectable()
export class PriceCatalogService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly writer: ConfigWriter,
    private readonly store: PriceCatalogStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async status({ organizationId }: Actor): Promise<PriceCatalogStatus> {
    return catalogStatus(await this.store.inForce(this.prisma.client, organizationId));
  }

  async models(
    { organizationId }: Actor,
    query: CatalogModelQuery,
  ): Promise<{ items: CatalogModel[]; total: number; nextCursor: string | null }> {
    return pageOfModels((await this.store.inForce(this.prisma.client, organizationId)).catalog, query);
  }

  /** Models of which a request in the range had no price. */
  async unknown({ organizationId }: Actor, query: UnknownPricesQuery): Promise<UnknownPriceModels> {
    const { client } = this.prisma;
    const timeZone = query.timeZone ?? (await reportingZone(client, organizationId));
    const { from, to } = usageRange(query, this.clock(), timeZone);
    const items = await unknownPriceModels(client, organizationId, from, to);
    return { from: from.toISOString(), to: to.toISOString(), items };
  }

  /** `body`: a catalog, or LiteLLM's file. Throws the 400 for what is neither. */
  async upload(actor: Actor, body: unknown, bodySha256: string): Promise<PriceCatalogStatus> {
    const now = new Date(this.clock());
    const catalog = readUpload(body, bodySha256, now.toISOString().slice(0, 10));
    return this.#change(actor, 'update', (transaction) => this.#write(transaction, actor, { catalog, now }));
  }

  /** Back to the catalog of the release; nothing happens when it is in use already. */
  async reset(actor: Actor): Promise<PriceCatalogStatus> {
    const status = await this.status(actor);
    if (!status.uploaded) return status;
    return this.#change(actor, 'delete', async (transaction) => {
      await transaction.uploadedPriceCatalog.deleteMany({ where: { organizationId: actor.organizationId } });
    });
  }

  async #write(
    transaction: Transaction,
    actor: Actor,
    { catalog, now }: { readonly catalog: PriceCatalog; readonly now: Date },
  ): Promise<void> {
    const fields = {
      catalog: catalog as unknown as Prisma.InputJsonObject,
      sha256: catalogSha256(catalog),
      updatedAt: now,
      updatedBy: actor.name,
    };
    const { organizationId } = actor;
    await transaction.uploadedPriceCatalog.upsert({
      where: { organizationId },
      create: { organizationId, ...fields },
      update: fields,
    });
  }

  /** The audit log gets what describes the catalogs: they themselves are too large for it. */
  async #change(
    actor: Actor,
    action: 'update' | 'delete',
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<PriceCatalogStatus> {
    return this.writer.change(actor, async (transaction) => {
      const before = catalogStatus(await this.store.inForce(transaction, actor.organizationId));
      await work(transaction);
      const after = catalogStatus(await this.store.inForce(transaction, actor.organizationId));
      const audit = { action, resourceKind: 'PriceCatalog', resourceName: 'price-catalog', before, after };
      return { result: after, audit };
    });
  }
}
