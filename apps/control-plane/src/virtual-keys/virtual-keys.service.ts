import { Inject, Injectable } from '@nestjs/common';
import { type VirtualKey, VirtualKeyManifest, type VirtualKeySpec } from '@penstock/contracts';
import { createVirtualKey, type DerivedKeys, hashVirtualKey } from '@penstock/secrets';
import { AdminError, invalidField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import type { Versioned } from '../common/versioned.ts';
import { type Clock, KEYS } from '../config/config.module.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { attachQuotas, ownQuotas, resolveQuotas } from '../resources/quota-attachments.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { type KeyRow, toVirtualKey } from './virtual-key.mapper.ts';
import { insertSecret, type NewSecret, retireSecrets, virtualKeysRepository } from './virtual-keys.repository.ts';

/** A secret, and what is stored of it. */
export interface CreatedSecret {
  readonly key: string;
  readonly stored: NewSecret;
}

/** What a rotation changes besides the secret. */
export interface Rotation {
  /** Made here where it is left out. */
  readonly secret?: CreatedSecret;
  /** Columns of the row. */
  readonly data?: (row: KeyRow) => { readonly spec?: VirtualKeySpec; readonly apiKey?: object };
}

/** What is particular to virtual keys: their secret is made here, shown once, and kept as a keyed hash. */
export class VirtualKeyKind implements ResourceKind<VirtualKeySpec, KeyRow, VirtualKey> {
  readonly kind = 'VirtualKey';
  readonly manifest = VirtualKeyManifest;
  readonly repository = virtualKeysRepository;

  constructor(
    protected readonly keys: DerivedKeys,
    protected readonly clock: Clock,
  ) {}

  toDocument(row: KeyRow): VirtualKey {
    return toVirtualKey(row, new Date(this.clock()));
  }

  /**
   * A revoked key stays so; exported without its status it would come back to life elsewhere. API keys of a proxy or a provider
   * are documents of another kind.
   */
  isExported(row: KeyRow): boolean {
    return row.revokedAt === null && row.parentProxyId === null && row.parentProviderId === null;
  }

  async references(): Promise<readonly string[]> {
    return [];
  }

  async prepare(spec: VirtualKeySpec, context: WriteContext<KeyRow>): Promise<PreparedSpec> {
    const { transaction, actor, existing, now } = context;
    requireLiving(existing);
    const { organizationId } = actor;
    const team = await transaction.team.findFirst({ where: { organizationId, name: spec.team }, select: { id: true } });
    if (!team) throw invalidField('spec.team', `there is no Team named '${spec.team}'`);
    requireSomeProxy(spec, this.opensProvider(existing));
    await requireProxies(transaction, organizationId, spec.proxies);
    const quotas = await resolveQuotas(transaction, organizationId, [ownQuotas(spec)]);
    const secret = existing ? undefined : this.newSecret();
    const attach = async ({ id }: { readonly id: string }): Promise<void> => {
      await attachQuotas(transaction, organizationId, { virtualKeyId: id }, quotas);
      if (secret) await insertSecret(transaction, { organizationId, virtualKeyId: id }, secret.stored, now);
    };
    const columns = { teamId: team.id, proxies: spec.proxies };
    return { spec, columns, attach, ...(secret && { revealed: { key: secret.key } }) };
  }

  /** Whether the key is an API key of a provider, which opens that alone. */
  protected opensProvider(existing: KeyRow | undefined): boolean {
    return typeof existing?.parentProviderId === 'string';
  }

  /** The secret, and what is stored of it. */
  newSecret(): CreatedSecret {
    const { key, prefix, lastFour } = createVirtualKey();
    return { key, stored: { hash: hashVirtualKey(key, this.keys.virtualKeyPepper), prefix, lastFour } };
  }
}

function requireLiving(row: KeyRow | undefined): void {
  if (row?.revokedAt) throw new AdminError('conflict', `The virtual key '${row.name}' is revoked for good.`);
}

function requireSomeProxy({ proxies }: VirtualKeySpec, opensProvider: boolean): void {
  if (opensProvider && proxies.length > 0)
    throw invalidField('spec.proxies', 'an API key of a provider opens no proxy');
  if (!opensProvider && proxies.length === 0) throw invalidField('spec.proxies', 'name at least one proxy, or *');
}

async function requireProxies(
  transaction: Transaction,
  organizationId: string,
  proxies: readonly string[],
): Promise<void> {
  const names = proxies.filter((name) => name !== '*');
  if (names.length === 0) return;
  const rows = await transaction.llmProxy.findMany({
    where: { organizationId, name: { in: names } },
    select: { name: true },
  });
  const known = new Set(rows.map((row) => row.name));
  for (const [index, name] of proxies.entries()) {
    if (name === '*' || known.has(name)) continue;
    throw invalidField(`spec.proxies[${index}]`, `there is no LlmProxy named '${name}'`);
  }
}

@Injectable()
export class VirtualKeysService extends ResourceService<VirtualKeySpec, KeyRow, VirtualKey> {
  readonly #kind: VirtualKeyKind;

  constructor(tools: ResourceTools, @Inject(KEYS) keys: DerivedKeys) {
    const kind = new VirtualKeyKind(keys, tools.clock);
    super(kind, tools);
    this.#kind = kind;
  }

  /** Makes a new secret; the previous one works for `graceSeconds` more. */
  async rotate(
    actor: Actor,
    name: string,
    graceSeconds: number,
    { secret = this.#kind.newSecret(), data }: Rotation = {},
  ): Promise<Versioned<VirtualKey>> {
    return this.tools.writer.change(actor, async (transaction) => {
      const row = await this.require(transaction, actor, name);
      requireLiving(row);
      const now = new Date(this.tools.clock());
      await retireSecrets(transaction, row, new Date(now.getTime() + graceSeconds * 1000));
      const owner = { organizationId: row.organizationId, virtualKeyId: row.id };
      await insertSecret(transaction, owner, secret.stored, now);
      const after = await this.#touch(transaction, actor, row, data?.(row) ?? {});
      const audit = this.#auditChange('rotate', row, after);
      return { result: this.present(after, { key: secret.key }), audit };
    });
  }

  /** Ends the key for good; doing it twice is no error. */
  async revoke(actor: Actor, name: string): Promise<Versioned<VirtualKey>> {
    return this.tools.writer.change(actor, async (transaction) => {
      const row = await this.require(transaction, actor, name);
      const revokedAt = row.revokedAt ?? new Date(this.tools.clock());
      const after = await this.#touch(transaction, actor, row, { revokedAt });
      return { result: this.present(after), audit: this.#auditChange('revoke', row, after) };
    });
  }

  #auditChange(action: string, before: KeyRow, after: KeyRow) {
    return this.audit(action, before.name, { before: this.auditDocument(before), after: this.auditDocument(after) });
  }

  async #touch(
    transaction: Transaction,
    actor: Actor,
    row: KeyRow,
    data: { readonly revokedAt?: Date; readonly spec?: VirtualKeySpec; readonly apiKey?: object },
  ): Promise<KeyRow> {
    const updatedAt = new Date(this.tools.clock());
    await transaction.virtualKey.update({
      where: { id: row.id },
      data: { ...data, updatedAt, version: { increment: 1 } },
    });
    return this.require(transaction, actor, row.name);
  }
}
