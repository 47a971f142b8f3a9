import { Injectable } from '@nestjs/common';
import { PriceCatalogStore } from '../price-catalog/price-catalog.store.ts';
import { vendoredCatalog } from '../price-catalog/vendored-catalog.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { SnapshotRows } from './snapshot-rows.ts';

const named = { id: true, organizationId: true, name: true, spec: true } as const;

/** Reads the tables that a snapshot is built from: one query each, however many rows there are. */
@Injectable()
export class SnapshotReader {
  constructor(private readonly priceCatalogs: PriceCatalogStore) {}

  async read(transaction: Transaction): Promise<SnapshotRows> {
    const rows = {
      organizations: await transaction.organization.findMany({
        select: { id: true, name: true, spec: true },
        orderBy: { id: 'asc' },
      }),
      templates: await transaction.llmProviderTemplate.findMany({ select: named }),
      providers: await transaction.llmProvider.findMany({
        select: { ...named, templateId: true },
        orderBy: { name: 'asc' },
      }),
      credentials: await transaction.credential.findMany({
        select: { providerId: true, sealedValue: true, secretNames: true },
      }),
      secrets: await transaction.secret.findMany({
        select: { id: true, organizationId: true, name: true, sealedValue: true },
        orderBy: { id: 'asc' },
      }),
      prices: await transaction.modelPrice.findMany({
        select: { id: true, providerId: true, updatedAt: true, spec: true },
      }),
      proxies: await transaction.llmProxy.findMany({ select: named, orderBy: { name: 'asc' } }),
      proxyProviders: await transaction.llmProxyProvider.findMany({
        select: { proxyId: true, providerId: true, alias: true },
        orderBy: { position: 'asc' },
      }),
      proxyCredentials: await transaction.llmProxyCredential.findMany({
        select: { proxyId: true, alias: true, providerId: true, sealedValue: true, secretNames: true },
      }),
      teams: await transaction.team.findMany({ select: named, orderBy: { name: 'asc' } }),
      virtualKeys: await transaction.virtualKey.findMany({
        where: { revokedAt: null },
        select: { ...named, teamId: true, parentProviderId: true },
        orderBy: { id: 'asc' },
      }),
      virtualKeySecrets: await transaction.virtualKeySecret.findMany({
        select: { virtualKeyId: true, hash: true, expiresAt: true },
        orderBy: { createdAt: 'desc' },
      }),
      quotas: await transaction.quota.findMany({ select: { id: true, name: true, spec: true } }),
      attachments: await transaction.quotaAttachment.findMany({
        select: {
          quotaId: true,
          teamId: true,
          virtualKeyId: true,
          proxyId: true,
          providerId: true,
          modelId: true,
          eachKey: true,
          subjectOrganizationId: true,
        },
        orderBy: { id: 'asc' },
      }),
    };
    const uploaded = await this.priceCatalogs.allUploaded(transaction);
    const priceCatalogs = new Map(rows.organizations.map(({ id }) => [id, uploaded.get(id) ?? vendoredCatalog()]));
    // Only documents that their zod schema has accepted are ever written into `spec`.
    return { ...rows, priceCatalogs } as unknown as SnapshotRows;
  }
}
