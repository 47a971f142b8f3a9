import type { Limit } from '@penstock/contracts';
import { DEFAULT_ORGANIZATION_ID } from '../../common/organization.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

const organizationId = DEFAULT_ORGANIZATION_ID;
const document = (name: string) => ({ organizationId, name, labels: {}, annotations: {}, spec: {} });

/** The organization, where no application has made it yet. */
export async function ensureOrganization(client: PrismaClient): Promise<void> {
  const row = { id: organizationId, name: 'default' };
  await client.organization.upsert({ where: { id: organizationId }, create: row, update: {} });
}

/** A team with a key, and a quota on what the test says; returns the ids. */
export async function createTeamWithKey(client: PrismaClient, name: string) {
  await ensureOrganization(client);
  const team = await client.team.create({ data: document(name) });
  const key = await client.virtualKey.create({ data: { ...document(name), teamId: team.id, proxies: ['*'] } });
  return { teamId: team.id, keyId: key.id };
}

/** A quota of one limit. */
export async function createQuota(client: PrismaClient, name: string, limit: Partial<Limit>): Promise<string> {
  const full = { unit: 'tokens', window: 'month', max: 100, mode: 'enforce', ...limit };
  const { id } = await client.quota.create({ data: { ...document(name), spec: { limits: [full] } } });
  return id;
}

/** Attaches a quota to what the columns say. */
export async function attach(client: PrismaClient, quotaId: string, columns: object): Promise<void> {
  await client.quotaAttachment.create({ data: { organizationId, quotaId, ...columns } });
}
