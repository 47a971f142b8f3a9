import { Inject, Injectable } from '@nestjs/common';
import { type DerivedKeys, hashAdminToken, Redactor } from '@penstock/secrets';
import { hashPassword } from '../auth/password-hash.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { DEFAULT_ORGANIZATION_ID, DEFAULT_TEAM_NAME } from '../common/organization.ts';
import { CONFIG, KEYS } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { BUILT_IN_TEMPLATES } from '../llm-provider-templates/built-in-templates.ts';
import { PrismaService, type Transaction } from '../prisma/prisma.service.ts';

/** Name of the admin token that the environment sets. */
const ENVIRONMENT_TOKEN = 'environment';
const SEED_LOCK = 7_305_802;

/** What must be there before the first request: organization, team, built-in templates, the first owner and admin token. */
@Injectable()
export class SeedingService {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(CONFIG) private readonly config: ControlPlaneConfig,
    @Inject(KEYS) private readonly keys: DerivedKeys,
    private readonly redactor: Redactor,
  ) {}

  /** Runs at every start and changes nothing that is already right. Tells whether a template changed, which gateways must learn. */
  async seed(): Promise<{ readonly templatesChanged: boolean }> {
    const owner = this.config.firstOwner;
    const passwordHash = owner && (await hashPassword(owner.password));
    const templatesChanged = await this.prisma.client.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${SEED_LOCK})`;
        await seedOrganization(transaction);
        const changed = await seedTemplates(transaction);
        if (owner && passwordHash) await seedOwner(transaction, owner.email, passwordHash);
        if (this.config.adminToken) await this.#seedAdminToken(transaction, this.config.adminToken);
        return changed;
      },
      { maxWait: 10_000, timeout: 30_000 },
    );
    if (this.config.adminToken) this.redactor.register(this.config.adminToken);
    return { templatesChanged };
  }

  async #seedAdminToken(transaction: Transaction, token: string): Promise<void> {
    const tokenHash = hashAdminToken(token, this.keys.virtualKeyPepper);
    const prefix = token.slice(0, Math.min(8, Math.floor(token.length / 4)));
    await transaction.adminToken.upsert({
      where: { organizationId_name: { organizationId: DEFAULT_ORGANIZATION_ID, name: ENVIRONMENT_TOKEN } },
      create: { organizationId: DEFAULT_ORGANIZATION_ID, name: ENVIRONMENT_TOKEN, role: 'owner', prefix, tokenHash },
      update: { prefix, tokenHash, role: 'owner' },
    });
  }
}

async function seedOrganization(transaction: Transaction): Promise<void> {
  const organizationId = DEFAULT_ORGANIZATION_ID;
  await transaction.organization.upsert({
    where: { id: organizationId },
    create: { id: organizationId, name: 'default', spec: { timeZone: 'UTC', quotas: [] } },
    update: {},
  });
  const spec = { displayName: 'Default team', quotas: [], keyQuotas: [], suspended: false };
  await transaction.team.upsert({
    where: { organizationId_name: { organizationId, name: DEFAULT_TEAM_NAME } },
    create: { organizationId, name: DEFAULT_TEAM_NAME, labels: {}, annotations: {}, spec },
    update: {},
  });
}

/** Built-in templates are those of this release, also in a database that an earlier one has filled. */
async function seedTemplates(transaction: Transaction): Promise<boolean> {
  const organizationId = DEFAULT_ORGANIZATION_ID;
  const rows = await transaction.llmProviderTemplate.findMany({ where: { organizationId, builtIn: true } });
  const stored = new Map(rows.map((row) => [row.name, canonicalJson(row.spec)]));
  let changed = false;
  for (const [name, spec] of BUILT_IN_TEMPLATES) {
    if (stored.get(name) === canonicalJson(spec)) continue;
    changed = true;
    const document = JSON.parse(JSON.stringify(spec)) as object;
    await transaction.llmProviderTemplate.upsert({
      where: { organizationId_name: { organizationId, name } },
      create: { organizationId, name, labels: {}, annotations: {}, spec: document, builtIn: true },
      update: { spec: document, builtIn: true, version: { increment: 1 }, updatedAt: new Date() },
    });
  }
  return changed;
}

/** Only when nobody can log in yet; there is no default password. */
async function seedOwner(transaction: Transaction, email: string, passwordHash: string): Promise<void> {
  if ((await transaction.user.count()) > 0) return;
  const organizationId = DEFAULT_ORGANIZATION_ID;
  await transaction.user.create({ data: { organizationId, email, displayName: email, role: 'owner', passwordHash } });
}
