import { type CustomKind, GROUP, VERSION } from './custom-kinds.ts';
import type { CustomObject, CustomStatus, SecretObject } from './custom-object.ts';
import type { KubeApi, ListPage, NewSecret, Watched, WatchEvent, WatchOptions } from './kube-api.ts';
import type { KubeConnection } from './kube-connection.ts';
import { isKubeError, KubeError } from './kube-error.ts';
import type { Lease } from './lease.ts';
import { fromLeaseObject, type LeaseObject, toLeaseObject } from './lease-object.ts';
import { readLines } from './read-lines.ts';

const PAGE = 500;
/** The server ends a watch after about this time, and the operator goes on where it was. */
const WATCH_SECONDS = 300;
/** Of Secrets only the metadata: what they hold need not pass by to be known to have changed. */
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const MERGE_PATCH = 'application/merge-patch+json';

/** Kubernetes' API over HTTP. */
export class HttpKubeApi implements KubeApi {
  readonly #connection: KubeConnection;

  constructor(connection: KubeConnection) {
    this.#connection = connection;
  }

  async list(watched: Watched, namespace: string | undefined, token?: string): Promise<ListPage> {
    const query = new URLSearchParams({ limit: String(PAGE), ...(token !== undefined && { continue: token }) });
    const path = `${collection(watched, namespace)}?${query.toString()}`;
    const answer = await this.#connection.json<{
      readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
      readonly items: ListPage['items'] | null;
    }>({ path, ...(watched === 'secrets' && { accept: METADATA_LIST }) });
    const { resourceVersion, continue: next } = answer.metadata;
    return { items: answer.items ?? [], resourceVersion, ...(next && { continue: next }) };
  }

  async watch(watched: Watched, { namespace, resourceVersion, onEvent, signal }: WatchOptions): Promise<void> {
    const query = new URLSearchParams({
      watch: 'true',
      resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(WATCH_SECONDS),
    });
    // What never comes to an end by itself is ended here: a connection that is half open says nothing any more.
    const end = AbortSignal.any([signal, AbortSignal.timeout((WATCH_SECONDS + 30) * 1_000)]);
    const response = await this.#connection.open({
      path: `${collection(watched, namespace)}?${query.toString()}`,
      signal: end,
      ...(watched === 'secrets' && { accept: METADATA }),
    });
    for await (const line of readLines(response.body)) onEvent(JSON.parse(line) as WatchEvent);
  }

  get(kind: CustomKind, namespace: string, name: string): Promise<CustomObject | undefined> {
    return this.#found(`${collection(kind, namespace)}/${name}`);
  }

  setFinalizers(kind: CustomKind, { metadata }: CustomObject, finalizers: readonly string[]): Promise<CustomObject> {
    const { namespace, name, resourceVersion } = metadata;
    const body = { metadata: { resourceVersion, finalizers } };
    return this.#connection.json({
      method: 'PATCH',
      path: `${collection(kind, namespace)}/${name}`,
      body,
      type: MERGE_PATCH,
    });
  }

  setStatus(kind: CustomKind, { metadata }: CustomObject, status: CustomStatus): Promise<CustomObject> {
    const { namespace, name, resourceVersion } = metadata;
    const path = `${collection(kind, namespace)}/${name}/status`;
    const body = { metadata: { resourceVersion }, status };
    return this.#connection.json({ method: 'PATCH', path, body, type: MERGE_PATCH });
  }

  getSecret(namespace: string, name: string): Promise<SecretObject | undefined> {
    return this.#found(`${collection('secrets', namespace)}/${name}`);
  }

  createSecret({ namespace, data, ...metadata }: NewSecret): Promise<SecretObject> {
    const body = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { namespace, ...metadata }, data };
    return this.#connection.json({ method: 'POST', path: collection('secrets', namespace), body });
  }

  setSecretData({ metadata }: SecretObject, data: Readonly<Record<string, string>>): Promise<SecretObject> {
    const { namespace, name, resourceVersion } = metadata;
    const body = { metadata: { resourceVersion }, data };
    const path = `${collection('secrets', namespace)}/${name}`;
    return this.#connection.json({ method: 'PATCH', path, body, type: MERGE_PATCH });
  }

  async deleteSecret({ metadata: { namespace, name, uid } }: SecretObject): Promise<void> {
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid } };
    try {
      await this.#connection.json({ method: 'DELETE', path: `${collection('secrets', namespace)}/${name}`, body });
    } catch (error) {
      if (!isKubeError(error, 404)) throw error;
    }
  }

  async getLease(namespace: string, name: string): Promise<Lease | undefined> {
    const object = await this.#found<LeaseObject>(`${leases(namespace)}/${name}`);
    return object && fromLeaseObject(object);
  }

  async createLease(lease: Lease): Promise<Lease> {
    const request = { method: 'POST', path: leases(lease.namespace), body: toLeaseObject(lease) } as const;
    return fromLeaseObject(await this.#connection.json<LeaseObject>(request));
  }

  async replaceLease(lease: Lease): Promise<Lease> {
    const path = `${leases(lease.namespace)}/${lease.name}`;
    const request = { method: 'PUT', path, body: toLeaseObject(lease) } as const;
    return fromLeaseObject(await this.#connection.json<LeaseObject>(request));
  }

  async #found<Found>(path: string): Promise<Found | undefined> {
    try {
      return await this.#connection.json<Found>({ path });
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }
}

function collection(watched: Watched, namespace: string | undefined): string {
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return watched === 'secrets' ? `/api/v1${within}/secrets` : `/apis/${GROUP}/${VERSION}${within}/${watched.plural}`;
}

function leases(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
}
