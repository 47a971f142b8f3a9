import { Inject, Injectable } from '@nestjs/common';
import {
  type ApiKey,
  type ApiKeyCreated,
  type CreateApiKey,
  MAX_API_KEYS,
  type RegenerateApiKey,
  type UpdateApiKey,
  VirtualKeyManifest,
  type VirtualKeySpec,
} from '@penstock/contracts';
import type { DerivedKeys } from '@penstock/secrets';
import { AdminError, invalidField, takenField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { KEYS } from '../config/config.module.ts';
import { llmProxiesRepository } from '../llm-proxies/llm-proxies.repository.ts';
import type { LlmProxy } from '../prisma/generated/client.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import type { KeyRow } from '../virtual-keys/virtual-key.mapper.ts';
import { VirtualKeysService } from '../virtual-keys/virtual-keys.service.ts';
import { expiryOf, requireFuture, type WantedExpiry } from './api-key-expiry.ts';
import { ApiKeyKind, externalSecret } from './api-key-kind.ts';
import { handleFor, virtualKeyName } from './api-key-names.ts';
import { type ApiKeyRecord, isCreatedBy, isInForce, recordOf, toApiKey } from './api-key-record.ts';
import { apiKeysOf, findApiKey } from './api-keys.repository.ts';

/** API keys of proxies: virtual keys that open one proxy and go with it. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly tools: ResourceTools,
    private readonly virtualKeys: VirtualKeysService,
    @Inject(KEYS) private readonly keys: DerivedKeys,
  ) {}

  async list(actor: Actor, proxyName: string): Promise<readonly ApiKey[]> {
    const proxy = await this.#proxy(actor, proxyName);
    const rows = await apiKeysOf(this.tools.prisma.client, proxy);
    return rows.map((row) => toApiKey(row, proxyName, this.tools.clock()));
  }

  /** Throws the 400 beyond so many keys, and the 409 for a name or a key that is taken. */
  async create(actor: Actor, proxyName: string, wanted: CreateApiKey): Promise<ApiKeyCreated> {
    const proxy = await this.#proxy(actor, proxyName);
    const handle = wanted.name ?? handleFor(wanted.displayName);
    const expiresAt = expiryOf(wanted, this.tools.clock()) ?? null;
    const record = newRecord(actor, wanted, handle);
    const manifest = VirtualKeyManifest.parse({
      metadata: { name: virtualKeyName(proxyName, handle) },
      spec: { displayName: record.displayName, proxies: [proxyName], expiresAt },
    });
    const kind = new ApiKeyKind(this.keys, this.tools.clock, { proxy, handle, record, external: wanted.apiKey });
    const { document } = await new ResourceService(kind, this.tools).create(actor, manifest);
    const message = `API key ${wanted.apiKey === undefined ? 'generated' : 'registered'} successfully`;
    return this.#answer(actor, proxy, handle, { message, secret: wanted.apiKey ? undefined : document.status.key });
  }

  /** Gives the key another secret, made here; the one before ends at once. */
  async regenerate(actor: Actor, place: ApiKeyPlace, wanted: RegenerateApiKey): Promise<ApiKeyCreated> {
    const { proxy, row } = await this.#find(actor, place);
    const data = this.#changes(wanted, { source: 'local', maskedApiKey: undefined });
    const { document } = await this.virtualKeys.rotate(actor, row.name, 0, { data });
    const answer = { message: 'API key generated successfully', secret: document.status.key };
    return this.#answer(actor, proxy, place.name, answer);
  }

  /** Gives a key that was made elsewhere the value that it has there by now. */
  async update(actor: Actor, place: ApiKeyPlace, wanted: UpdateApiKey): Promise<ApiKeyCreated> {
    const { proxy, row } = await this.#find(actor, place);
    if (wanted.name !== undefined && wanted.name !== place.name) {
      throw invalidField('name', `must be '${place.name}', as in the path`);
    }
    if (recordOf(row).source !== 'external') {
      throw invalidField('apiKey', 'updates are only allowed for externally generated API keys; regenerate this one');
    }
    const { displayName, maskedApiKey } = wanted;
    const { externalRefId, issuer } = { ...recordOf(row), ...definedOf(wanted) };
    const secret = externalSecret(wanted.apiKey, this.keys);
    await this.#requireFree(secret.stored.hash, row);
    const data = this.#changes(wanted, { displayName, maskedApiKey, externalRefId, issuer });
    await this.virtualKeys.rotate(actor, row.name, 0, { secret, data });
    return this.#answer(actor, proxy, place.name, { message: 'API key updated successfully', secret: undefined });
  }

  /** Ends the key for good; its name is free again. */
  async revoke(actor: Actor, place: ApiKeyPlace): Promise<void> {
    const { row } = await this.#find(actor, place);
    await this.virtualKeys.remove(actor, row.name);
  }

  async #proxy(actor: Actor, name: string): Promise<LlmProxy> {
    const proxy = await llmProxiesRepository.find(this.tools.prisma.client, actor.organizationId, name);
    if (!proxy) throw new AdminError('not_found', `There is no LLM proxy '${name}'.`);
    return proxy;
  }

  async #find(actor: Actor, { proxyName, name }: ApiKeyPlace): Promise<{ proxy: LlmProxy; row: KeyRow }> {
    const proxy = await this.#proxy(actor, proxyName);
    const row = await findApiKey(this.tools.prisma.client, proxy, name);
    if (!row) throw new AdminError('not_found', `There is no API key of this name for '${proxyName}'.`);
    return { proxy, row };
  }

  /** What a rotation writes besides the secret; an expiry that nobody changes must not have passed. */
  #changes(wanted: WantedExpiry, change: RecordChange) {
    const now = this.tools.clock();
    const asked = expiryOf(wanted, now);
    return (row: KeyRow): { readonly spec: VirtualKeySpec; readonly apiKey: object } => {
      const spec = row.spec as VirtualKeySpec;
      const expiresAt = asked === undefined ? spec.expiresAt : asked;
      if (expiresAt !== null) requireFuture('expiresAt', expiresAt, now);
      const displayName = change.displayName ?? recordOf(row).displayName;
      return { spec: { ...spec, displayName, expiresAt }, apiKey: { ...recordOf(row), ...change, displayName } };
    };
  }

  async #requireFree(hash: string, row: KeyRow): Promise<void> {
    const holder = await this.tools.prisma.client.virtualKeySecret.findUnique({ where: { hash } });
    if (!holder) return;
    if (holder.virtualKeyId === row.id) throw invalidField('apiKey', 'is the value that the key has or had last');
    throw takenField('apiKey', 'This API key is in use already.');
  }

  async #answer(
    actor: Actor,
    proxy: LlmProxy,
    handle: string,
    { message, secret }: { readonly message: string; readonly secret: string | undefined },
  ): Promise<ApiKeyCreated> {
    const now = this.tools.clock();
    const row = await findApiKey(this.tools.prisma.client, proxy, handle);
    const rows = await apiKeysOf(this.tools.prisma.client, proxy);
    if (!row) throw new AdminError('not_found', 'The API key was revoked in the meantime.');
    const own = rows.filter((one) => isCreatedBy(recordOf(one), actor) && isInForce(one, now)).length;
    const apiKey = { ...toApiKey(row, proxy.name, now), ...(secret !== undefined && { apiKey: secret }) };
    return { status: 'success', message, remainingApiKeyQuota: Math.max(0, MAX_API_KEYS - own), apiKey };
  }
}

type RecordChange = Omit<Partial<ApiKeyRecord>, 'displayName'> & {
  /** Undefined: it stays. */
  readonly displayName?: string | undefined;
};

function definedOf({ externalRefId, issuer }: UpdateApiKey): Pick<ApiKeyRecord, 'externalRefId' | 'issuer'> {
  return { ...(externalRefId !== undefined && { externalRefId }), ...(issuer !== undefined && { issuer }) };
}

/** Which key of which proxy. */
export interface ApiKeyPlace {
  readonly proxyName: string;
  readonly name: string;
}

function newRecord(actor: Actor, wanted: CreateApiKey, handle: string): ApiKeyRecord {
  const { kind, id, name } = actor;
  const { displayName = handle, maskedApiKey, externalRefId, issuer } = wanted;
  const source = wanted.apiKey === undefined ? 'local' : 'external';
  return { displayName, source, createdBy: { kind, id, name }, maskedApiKey, externalRefId, issuer };
}
