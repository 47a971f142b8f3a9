import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';
import type { KeyRow } from '../virtual-keys/virtual-key.mapper.ts';
import { recordOf } from './api-key-record.ts';

/** A virtual key as a document: under its handle, with the spec of the document. */
export type ApiKeyRow = KeyRow & {
  /** The row of the virtual key. */
  readonly key: KeyRow;
};

interface Selecting {
  readonly where?: object;
  readonly orderBy?: object;
}

/** What tells them from the API keys of the management surface; see `ApiKeyRecord`. */
const IS_DOCUMENT = { apiKey: { path: ['isDocument'], equals: true } };

/** The virtual keys that are documents of the kind ApiKey. */
export const apiKeyDocumentsRepository = new ResourceRepository<ApiKeyRow>(
  (client) => new ApiKeyDelegate(client.virtualKey as unknown as ResourceDelegate<KeyRow>),
  { secrets: { orderBy: { createdAt: 'desc' } } },
);

/** The virtual keys as the repository of documents asks for them. Writes bring the key's own name among their columns. */
class ApiKeyDelegate implements ResourceDelegate<ApiKeyRow> {
  constructor(private readonly keys: ResourceDelegate<KeyRow>) {}

  async findMany(args: Selecting): Promise<ApiKeyRow[]> {
    return (await this.keys.findMany(documentsOf(args))).map(toDocumentRow);
  }

  async findFirst(args: Selecting): Promise<ApiKeyRow | null> {
    const row = await this.keys.findFirst(documentsOf(args));
    return row && toDocumentRow(row);
  }

  async count(args: Selecting): Promise<number> {
    return this.keys.count(documentsOf(args));
  }

  async create(args: object): Promise<ApiKeyRow> {
    return toDocumentRow(await this.keys.create(args));
  }

  async update(args: object): Promise<ApiKeyRow> {
    return toDocumentRow(await this.keys.update(args));
  }

  async delete(args: object): Promise<unknown> {
    return this.keys.delete(args);
  }
}

function documentsOf({ where = {}, orderBy, ...rest }: Selecting): object {
  return { ...rest, where: { AND: [byHandle(where), IS_DOCUMENT] }, ...(orderBy && { orderBy: byHandle(orderBy) }) };
}

/** The same condition or order with `handle` in the place of `name`. */
function byHandle(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byHandle);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key === 'name' ? 'handle' : key, byHandle(member)]),
  );
}

function toDocumentRow(key: KeyRow): ApiKeyRow {
  const { document } = recordOf(key);
  if (!document || key.handle === null) throw new Error(`the key ${key.name} is no document`);
  return { ...key, name: key.handle, spec: document, key };
}
