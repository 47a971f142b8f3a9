import { Injectable } from '@nestjs/common';
import type { PriceCatalog } from '@penstock/contracts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { type CatalogInForce, countModels } from './catalog-in-force.ts';
import { vendoredCatalog } from './vendored-catalog.ts';

type Client = Transaction | PrismaClient;

/** Which catalog holds for whom. Uploaded ones are large and rarely change: each is read once. */
@Injectable()
export class PriceCatalogStore {
  #uploaded = new Map<string, CatalogInForce>();

  /** The catalog of an organization: the one that was uploaded, else the vendored one. */
  async inForce(client: Client, organizationId: string): Promise<CatalogInForce> {
    return (await this.allUploaded(client)).get(organizationId) ?? vendoredCatalog();
  }

  /** What was uploaded, by organization. */
  async allUploaded(client: Client): Promise<ReadonlyMap<string, CatalogInForce>> {
    const rows = await client.uploadedPriceCatalog.findMany({
      select: { organizationId: true, sha256: true, updatedAt: true },
      orderBy: { organizationId: 'asc' },
    });
    const current = new Map<string, CatalogInForce>();
    for (const row of rows) current.set(row.organizationId, this.#known(row) ?? (await read(client, row)));
    this.#uploaded = current;
    return current;
  }

  #known(row: { organizationId: string; sha256: string; updatedAt: Date }): CatalogInForce | undefined {
    const known = this.#uploaded.get(row.organizationId);
    const isSame = known?.sha256 === row.sha256 && known.uploadedAt?.getTime() === row.updatedAt.getTime();
    return isSame ? known : undefined;
  }
}

async function read(
  client: Client,
  { organizationId, sha256, updatedAt }: { organizationId: string; sha256: string; updatedAt: Date },
): Promise<CatalogInForce> {
  const row = await client.uploadedPriceCatalog.findUniqueOrThrow({
    where: { organizationId },
    select: { catalog: true },
  });
  // Only what the schema of a catalog has accepted is ever written there.
  const catalog = row.catalog as unknown as PriceCatalog;
  return { catalog, sha256, uploadedAt: updatedAt, models: countModels(catalog) };
}
