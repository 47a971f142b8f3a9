import { AdminErrorBody, ApplyResult, type AppliedManifest, MANAGED_BY_LABEL, VirtualKey } from '@penstock/contracts';
import { z } from 'zod';
import { RefusedError, UnreachableError } from './refused-error.ts';

const TIMEOUT_MS = 30_000;

/** What the operator reads of any document. */
const StoredDocument = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
});

interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A document that the control plane has, as far as a deletion needs to know it. */
export interface StoredMark {
  /** Who manages it; undefined: nobody says so. */
  readonly managedBy: string | undefined;
  /** Its version, for a deletion of just this one. */
  readonly etag: string;
}

/** The control plane's admin API. Throws {@link RefusedError} and {@link UnreachableError}. */
export class AdminClient {
  readonly #server: URL;
  readonly #token: () => string;

  constructor(server: URL, token: () => string) {
    this.#server = server;
    this.#token = token;
  }

  /** Writes one document as this manager's; the control plane writes nothing when nothing differs. */
  async apply(manifest: object, managedBy: string): Promise<AppliedManifest> {
    const path = `/manifests/apply?managedBy=${encodeURIComponent(managedBy)}`;
    const { items } = await this.#read({ method: 'POST', path, body: manifest }, ApplyResult);
    const [item] = items;
    if (!item) throw new UnreachableError('the control plane told nothing of the document that it applied');
    return item;
  }

  /** Undefined: there is none. `path`: of the kind's documents. */
  async find(path: string, name: string): Promise<StoredMark | undefined> {
    const response = await this.#send({ method: 'GET', path: `${path}/${encodeURIComponent(name)}` }, [404]);
    if (response.status === 404) return undefined;
    const { metadata } = await parsed(response, StoredDocument);
    return { managedBy: metadata.labels[MANAGED_BY_LABEL], etag: response.headers.get('etag') ?? '*' };
  }

  /** What is gone already is no error; a document that has changed since is refused with 412. */
  async remove(path: string, name: string, etag: string): Promise<void> {
    const request = { method: 'DELETE', path: `${path}/${encodeURIComponent(name)}` } as const;
    await this.#send({ ...request, headers: { 'if-match': etag } }, [404]);
  }

  async virtualKey(name: string): Promise<VirtualKey> {
    return this.#read({ method: 'GET', path: `/virtual-keys/${encodeURIComponent(name)}` }, VirtualKey);
  }

  /** The key's new secret. The one before it goes on working for `graceSeconds`. */
  async rotate(name: string, graceSeconds: number): Promise<string> {
    const path = `/virtual-keys/${encodeURIComponent(name)}/rotate`;
    const { status } = await this.#read({ method: 'POST', path, body: { graceSeconds } }, VirtualKey);
    if (status.key === undefined) throw new UnreachableError('the control plane rotated a key and did not tell it');
    return status.key;
  }

  async #read<Schema extends z.ZodType>(request: AdminRequest, schema: Schema): Promise<z.output<Schema>> {
    return parsed(await this.#send(request, []), schema);
  }

  async #send({ method, path, body, headers }: AdminRequest, accepted: readonly number[]): Promise<Response> {
    const url = new URL(`${this.#server.pathname.replace(/\/+$/, '')}/api/v1${path}`, this.#server);
    const options: RequestInit = {
      method,
      headers: {
        ...headers,
        authorization: `Bearer ${this.#token()}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const response = await fetch(url, options).catch((error: unknown) => {
      throw new UnreachableError(`the control plane cannot be reached: ${reasonOf(error)}`, { cause: error });
    });
    if (response.ok || accepted.includes(response.status)) return response;
    throw new RefusedError(response.status, refusalIn(await response.text()));
  }
}

async function parsed<Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.output<Schema>> {
  const result = schema.safeParse(await response.json().catch(() => undefined));
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.join('.') ?? '';
  throw new UnreachableError(`the control plane answered with something else than expected (${field || 'body'})`);
}

function refusalIn(text: string): AdminErrorBody | undefined {
  try {
    return AdminErrorBody.safeParse(JSON.parse(text)).data;
  } catch {
    // Something in between has answered.
    return undefined;
  }
}

/** What fetch hides in causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
