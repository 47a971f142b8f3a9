import { MAX_API_KEYS, type VirtualKeySpec } from '@penstock/contracts';
import { type DerivedKeys, hashVirtualKey } from '@penstock/secrets';
import { AdminError, takenField } from '../common/admin-error.ts';
import type { Clock } from '../config/config.module.ts';
import type { PreparedSpec, WriteContext } from '../resources/resource-kind.ts';
import type { KeyRow } from '../virtual-keys/virtual-key.mapper.ts';
import { type CreatedSecret, VirtualKeyKind } from '../virtual-keys/virtual-keys.service.ts';
import { type ApiKeyRecord, isCreatedBy, isInForce, recordOf } from './api-key-record.ts';
import { apiKeysOf, findApiKey } from './api-keys.repository.ts';
import { type KeyParent, parentColumn } from './key-parent.ts';

/** Characters of a key that lists may show at its end, and how long it must be for that. */
const SHOWN = { characters: 4, fromLength: 36 };

/** An API key that is to be made. */
export interface NewApiKey {
  readonly parent: KeyParent;
  readonly handle: string;
  readonly record: ApiKeyRecord;
  /** One that was made elsewhere. */
  readonly external: string | undefined;
}

/** A virtual key that is an API key of one proxy or provider: its creator may have so many of them, and its secret may come from elsewhere. */
export class ApiKeyKind extends VirtualKeyKind {
  constructor(
    keys: DerivedKeys,
    clock: Clock,
    private readonly wanted: NewApiKey,
  ) {
    super(keys, clock);
  }

  override async prepare(spec: VirtualKeySpec, context: WriteContext<KeyRow>): Promise<PreparedSpec> {
    const { parent, handle, record } = this.wanted;
    await this.#requireRoom(context);
    await this.#requireUnknown(context);
    const { columns, ...prepared } = await super.prepare(spec, context);
    return { ...prepared, columns: { ...columns, ...parentColumn(parent), handle, apiKey: record } };
  }

  override newSecret(): CreatedSecret {
    return this.wanted.external === undefined ? super.newSecret() : externalSecret(this.wanted.external, this.keys);
  }

  protected override opensProvider(): boolean {
    return this.wanted.parent.kind === 'LlmProvider';
  }

  async #requireRoom({ transaction, actor, now }: WriteContext<KeyRow>): Promise<void> {
    const keys = await apiKeysOf(transaction, this.wanted.parent);
    if (await findApiKey(transaction, this.wanted.parent, this.wanted.handle)) {
      throw takenField('name', `An API key named '${this.wanted.handle}' exists already.`);
    }
    const own = keys.filter((row) => isCreatedBy(recordOf(row), actor) && isInForce(row, now.getTime()));
    if (own.length < MAX_API_KEYS) return;
    const message = `API key limit exceeded: ${own.length} keys in force, ${MAX_API_KEYS} at most for each user and API.`;
    throw new AdminError('invalid', message, { errors: [{ field: '', message: 'API key limit exceeded' }] });
  }

  async #requireUnknown({ transaction }: WriteContext<KeyRow>): Promise<void> {
    if (this.wanted.external === undefined) return;
    const { hash } = externalSecret(this.wanted.external, this.keys).stored;
    if (await transaction.virtualKeySecret.findUnique({ where: { hash } })) {
      throw takenField('apiKey', 'This API key is in use already.');
    }
  }
}

/** A key that was made elsewhere, and what is stored of it. */
export function externalSecret(key: string, keys: Pick<DerivedKeys, 'virtualKeyPepper'>): CreatedSecret {
  const lastFour = key.length < SHOWN.fromLength ? '' : key.slice(-SHOWN.characters);
  return { key, stored: { hash: hashVirtualKey(key, keys.virtualKeyPepper), prefix: '', lastFour } };
}
