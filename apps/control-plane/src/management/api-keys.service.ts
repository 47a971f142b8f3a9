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
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import type { KeyRow } from '../virtual-keys/virtual-key.mapper.ts';
import { VirtualKeysService } from '../virtual-keys/virtual-keys.service.ts';
import { expiryOf, requireFuture, type WantedExpiry } from './api-key-expiry.ts';
import { ApiKeyKind, externalSecret } from './api-key-kind.ts';
import { handleFor, virtualKeyName } from './api-key-names.ts';
import { type ApiKeyRecord, isCreatedBy, isInForce, newRecord, recordOf, toApiKey } from './api-key-record.ts';
import { apiKeysOf, findApiKey } from './api-keys.repository.ts';
import { type KeyParent, proxiesOf, requireParent } from './key-parent.ts';

/** API keys of proxies and providers: virtual keys that open one of these and go with it. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly tools: ResourceTools,
    private readonly virtualKeys: VirtualKeysService,
    @Inject(KEYS) private readonly keys: DerivedKeys,
  ) {}

  async list(actor: Actor, of: ParentName): Promise<readonly ApiKey[]> {
    const parent = await this.#parent(actor, of);
    const rows = await apiKeysOf(this.tools.prisma.client, parent);
    return rows.map((row) => toApiKey(row, parent.name, this.tools.clock()));
  }

  /** Throws the 400 beyond so many keys, and the 409 for a name or a key that is taken. */
  async create(actor: Actor, of: ParentName, wanted: CreateApiKey): Promise<ApiKeyCreated> {
    const parent = await this.#parent(actor, of);
    const handle = wanted.name ?? handleFor(wanted.displayName);
    const expiresAt = expiryOf(wanted, this.tools.clock()) ?? null;
    const record = newRecord(actor, wanted, handle);
    const manifest = VirtualKeyManifest.parse({
      metadata: { name: virtualKeyName(parent, handle) },
      spec: { displayName: record.displayName, proxies: proxiesOf(parent), expiresAt },
    });
    const kind = new ApiKeyKind(this.keys, this.tools.clock, { parent, handle, record, external: wanted.apiKey });
    const { document } = await new ResourceService(kind, this.tools).create(actor, manifest);
    const message = `API key ${wanted.apiKey === undefined ? 'generated' : 'registered'} successfully`;
    return this.#answer(actor, parent, handle, { message, secret: wanted.apiKey ? undefined : document.status.key });
  }

  /** Gives the key another secret, made here; the one before ends at once. */
  async regenerate(actor: Actor, place: ApiKeyPlace, wanted: RegenerateApiKey): Promise<ApiKeyCreated> {
    const { parent, row } = await this.#find(actor, place);
    const data = this.#changes(wanted, { source: 'local', maskedApiKey: undefined });
    const { document } = await this.virtualKeys.rotate(actor, row.name, 0, { data });
    const answer = { message: 'API key generated successfully', secret: document.status.key };
    return this.#answer(actor, parent, place.name, answer);
  }

  /** Gives a key that was made elsewhere the value that it has there by now. */
  async update(actor: Actor, place: ApiKeyPlace, wanted: UpdateApiKey): Promise<ApiKeyCreated> {
    const { parent, row } = await this.#find(actor, place);
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
    return this.#answer(actor, parent, place.name, { message: 'API key updated successfully', secret: undefined });
  }

  /** Ends the key for good; its name is free again. */
  async revoke(actor: Actor, place: ApiKeyPlace): Promise<void> {
    const { row } = await this.#find(actor, place);
    await this.virtualKeys.remove(actor, row.name);
  }

  async #parent({ organizationId }: Actor, of: ParentName): Promise<KeyParent> {
    return requireParent(this.tools.prisma.client, organizationId, of);
  }

  async #find(actor: Actor, { parent: of, name }: ApiKeyPlace): Promise<{ parent: KeyParent; row: KeyRow }> {
    const parent = await this.#parent(actor, of);
    const row = await findApiKey(this.tools.prisma.client, parent, name);
    if (!row) throw new AdminError('not_found', `There is no API key of this name for '${of.name}'.`);
    return { parent, row };
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
    parent: KeyParent,
    handle: string,
    { message, secret }: { readonly message: string; readonly secret: string | undefined },
  ): Promise<ApiKeyCreated> {
    const now = this.tools.clock();
    const row = await findApiKey(this.tools.prisma.client, parent, handle);
    const rows = await apiKeysOf(this.tools.prisma.client, parent);
    if (!row) throw new AdminError('not_found', 'The API key was revoked in the meantime.');
    const own = rows.filter((one) => isCreatedBy(recordOf(one), actor) && isInForce(one, now)).length;
    const apiKey = { ...toApiKey(row, parent.name, now), ...(secret !== undefined && { apiKey: secret }) };
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

/** Which proxy or provider. */
export type ParentName = Pick<KeyParent, 'kind' | 'name'>;

/** Which key of which proxy or provider. */
export interface ApiKeyPlace {
  readonly parent: ParentName;
  readonly name: string;
}
