import { type ApiKeyDocument, ApiKeyManifest, ApiKeyName, type ApiKeySpec, VirtualKeySpec } from '@penstock/contracts';
import type { DerivedKeys } from '@penstock/secrets';
import { AdminError, invalidField, takenField } from '../common/admin-error.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import type { Clock } from '../config/config.module.ts';
import { documentOf } from '../resources/document.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { insertSecret, retireSecrets, virtualKeysRepository } from '../virtual-keys/virtual-keys.repository.ts';
import { expiryOf } from './api-key-expiry.ts';
import { ApiKeyKind, externalSecret } from './api-key-kind.ts';
import { virtualKeyName } from './api-key-names.ts';
import { maskOf, newRecord, recordOf, statusOf } from './api-key-record.ts';
import { type ApiKeyRow, apiKeyDocumentsRepository } from './api-key-documents.repository.ts';
import { findParent, type KeyParent, proxiesOf } from './key-parent.ts';

/** What is particular to API keys as documents: they are virtual keys of one proxy or provider, and their parent stays. */
export class ApiKeyDocumentKind implements ResourceKind<ApiKeySpec, ApiKeyRow, ApiKeyDocument> {
  readonly kind = 'ApiKey';
  readonly manifest = ApiKeyManifest;
  readonly repository = apiKeyDocumentsRepository;

  constructor(
    private readonly keys: DerivedKeys,
    private readonly clock: Clock,
  ) {}

  toDocument(row: ApiKeyRow): ApiKeyDocument {
    return documentOf('ApiKey', row, row.spec as ApiKeySpec, {
      state: statusOf(row.key, this.clock()),
      maskedApiKey: recordOf(row).maskedApiKey ?? maskOf(row),
      expiresAt: (row.key.spec as VirtualKeySpec).expiresAt,
    });
  }

  /** A revoked key stays so; exported without its status it would come back to life elsewhere. */
  isExported(row: ApiKeyRow): boolean {
    return row.revokedAt === null;
  }

  async references(): Promise<readonly string[]> {
    return [];
  }

  async prepare(spec: ApiKeySpec, context: WriteContext<ApiKeyRow>): Promise<PreparedSpec> {
    const { transaction, actor, name, existing } = context;
    const named = ApiKeyName.safeParse(name);
    if (!named.success)
      throw invalidField('metadata.name', named.error.issues[0]?.message ?? 'is no name of an API key');
    const { kind, name: parentName } = spec.parentRef;
    const parent = await findParent(transaction, actor.organizationId, spec.parentRef);
    if (!parent) throw invalidField('spec.parentRef.name', `there is no ${kind} named '${parentName}'`);
    return existing ? this.#update(spec, parent, { ...context, existing }) : this.#create(spec, parent, context);
  }

  async #create(spec: ApiKeySpec, parent: KeyParent, context: WriteContext<ApiKeyRow>): Promise<PreparedSpec> {
    const { transaction, actor, name: handle, now } = context;
    const name = virtualKeyName(parent, handle);
    if (await virtualKeysRepository.find(transaction, actor.organizationId, name)) {
      throw takenField('metadata.name', `A key named '${name}' exists already.`);
    }
    const document = withoutSecret(spec);
    const record = { ...newRecord(actor, spec, handle), document, isDocument: true };
    const { displayName } = record;
    const expiresAt = expiryOf(spec, now.getTime(), 'spec.') ?? null;
    const key = VirtualKeySpec.parse({ displayName, proxies: proxiesOf(parent), expiresAt });
    const made = new ApiKeyKind(this.keys, this.clock, { parent, handle, record, external: spec.apiKey });
    const { columns, revealed, ...prepared } = await made.prepare(key, { ...context, existing: undefined });
    return {
      ...prepared,
      spec: document,
      columns: { ...columns, name, spec: key },
      // A key that was made elsewhere is known there.
      ...(revealed && spec.apiKey === undefined && { revealed }),
    };
  }

  async #update(
    spec: ApiKeySpec,
    parent: KeyParent,
    { transaction, actor, name: handle, existing, now }: WriteContext<ApiKeyRow> & { readonly existing: ApiKeyRow },
  ): Promise<PreparedSpec> {
    requireLiving(existing);
    requireSameParent(spec, existing);
    const document = withoutSecret(spec);
    const secret = spec.apiKey === undefined ? undefined : externalSecret(spec.apiKey, this.keys);
    const isOther = secret !== undefined && secret.stored.hash !== existing.secrets[0]?.hash;
    if (isOther && (await transaction.virtualKeySecret.findUnique({ where: { hash: secret.stored.hash } }))) {
      throw takenField('spec.apiKey', 'This API key is in use already.');
    }
    const { displayName, maskedApiKey, externalRefId, issuer, source } = newRecord(actor, spec, handle);
    const changed = { displayName, maskedApiKey, externalRefId, issuer, ...(secret && { source }) };
    const record = { ...recordOf(existing), ...changed, document };
    const key = { ...(existing.key.spec as VirtualKeySpec), displayName, expiresAt: expiryAfter(spec, existing, now) };
    const attach = async ({ id }: { readonly id: string }): Promise<void> => {
      if (!isOther) return;
      await retireSecrets(transaction, existing, now);
      await insertSecret(transaction, { organizationId: actor.organizationId, virtualKeyId: id }, secret.stored, now);
    };
    const columns = { name: virtualKeyName(parent, handle), spec: key, apiKey: record };
    return { spec: document, columns, attach, changedSecrets: isOther ? ['spec.apiKey'] : [] };
  }
}

function withoutSecret({ apiKey: _, ...document }: ApiKeySpec): Omit<ApiKeySpec, 'apiKey'> {
  return document;
}

function requireLiving(row: ApiKeyRow): void {
  if (row.revokedAt) throw new AdminError('conflict', `The API key '${row.name}' is revoked for good.`);
}

function requireSameParent({ parentRef }: ApiKeySpec, { spec }: ApiKeyRow): void {
  if (canonicalJson(parentRef) === canonicalJson((spec as ApiKeySpec).parentRef)) return;
  throw invalidField('spec.parentRef', 'is immutable; delete the key and make another one');
}

/** The time of `expiresIn` runs on where the document says the same as before. */
function expiryAfter(spec: ApiKeySpec, existing: ApiKeyRow, now: Date): string | null {
  const asked = ({ expiresIn, expiresAt }: Pick<ApiKeySpec, 'expiresIn' | 'expiresAt'>): string =>
    canonicalJson({ expiresIn, expiresAt });
  if (asked(spec) === asked(existing.spec as ApiKeySpec)) return (existing.key.spec as VirtualKeySpec).expiresAt;
  return expiryOf(spec, now.getTime(), 'spec.') ?? null;
}
