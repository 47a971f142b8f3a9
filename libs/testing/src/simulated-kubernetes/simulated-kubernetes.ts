import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiStatus, badRequest } from './api-status.ts';
import { discovery, rootOf } from './discovery.ts';
import { apiVersionOf, BUILT_IN_TYPES, type KubeObject, type ResourceType, typesOf } from './kube-object.ts';
import { formOf } from './partial-metadata.ts';
import { ResourceApi, type Target } from './resource-api.ts';
import { selectorOf } from './selectors.ts';
import { VersionedStore } from './versioned-store.ts';
import { streamWatch } from './watch-stream.ts';

export interface SimulatedKubernetesOptions {
  /** CustomResourceDefinitions that are installed from the beginning. */
  readonly definitions?: readonly object[];
  /** The bearer token that requests need. */
  readonly token?: string;
  /** How often watches get a bookmark. */
  readonly bookmarkMs?: number;
  readonly clock?: () => Date;
}

/** A request that the server got, as tests count them. */
export interface KubeRequestRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A fault to be planted: requests of the method to matching paths are answered with it. */
export interface KubeFault {
  readonly method: string;
  readonly path: RegExp;
  readonly status: ApiStatus;
  /** How often; for good where it is left out. */
  times?: number;
}

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/**
 * A simulation of Kubernetes' API server: lists, watches, optimistic concurrency, finalizers, status subresources, patches, and
 * custom resources that are checked and pruned by their schemas. Objects outlive `stop`, as if they were in etcd.
 * Left out: admission, authorization, server-side apply, managed fields, defaults, CEL rules, deletion of collections, tables.
 */
export class SimulatedKubernetes {
  readonly requests: KubeRequestRecord[] = [];
  readonly faults: KubeFault[] = [];
  readonly #store = new VersionedStore();
  readonly #api: ResourceApi;
  readonly #token: string | undefined;
  readonly #bookmarkMs: number;
  readonly #watches = new Set<() => void>();
  #types: readonly ResourceType[] = BUILT_IN_TYPES;
  #server: http.Server | undefined;
  #port = 0;

  constructor({
    definitions = [],
    token,
    bookmarkMs = 60_000,
    clock = () => new Date(),
  }: SimulatedKubernetesOptions = {}) {
    this.#token = token;
    this.#bookmarkMs = bookmarkMs;
    this.#api = new ResourceApi(this.#store, clock);
    for (const name of NAMESPACES) {
      const target = this.#target('/api/v1/namespaces');
      if (target) this.#api.create(target, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    for (const definition of definitions) this.#install(definition);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(port = 0): Promise<void> {
    this.#server = http.createServer((request, response) => void this.#answer(request, response));
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Breaks every connection off. `listen(port)` goes on with the same objects. */
  async stop(): Promise<number> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return this.#port;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    return this.#port;
  }

  /** Forgets the past: watches that come back are told 410. */
  compact(): void {
    this.#store.compact();
  }

  /** Ends all watches in good order, as an API server does after a while. */
  endWatches(): void {
    for (const end of this.#watches) end();
  }

  /** Objects as they are stored, for tests: `path` as for a GET of a collection. */
  objects(path: string): readonly KubeObject[] {
    const target = this.#target(path);
    return target ? this.#api.list(target) : [];
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const record = (status: number): void => void this.requests.push({ method, path: pathname, status });
    try {
      const body = await bodyOf(request);
      this.#authenticate(request);
      this.#injectFault(method, pathname);
      const target = this.#target(pathname);
      if (method === 'GET' && target && target.name === undefined && isTrue(searchParams.get('watch'))) {
        record(200);
        const watch = { ...target, query: searchParams, form: formOf(request), bookmarkMs: this.#bookmarkMs };
        const end = streamWatch(this.#store, watch, response);
        this.#watches.add(end);
        response.once('close', () => this.#watches.delete(end));
        return;
      }
      const [status, answer] = target
        ? this.#perform(method, target, { body, query: searchParams, type: mediaType(request) })
        : [200, this.#discover(pathname)];
      record(status);
      send(response, status, formOf(request)(answer));
    } catch (error) {
      const refusal = error instanceof ApiStatus ? error : new ApiStatus(500, 'InternalError', String(error));
      record(refusal.code);
      send(response, refusal.code, refusal.toObject());
    }
  }

  #perform(method: string, target: Target, { body, query, type }: Input): readonly [number, object] {
    switch (method) {
      case 'GET':
        return [200, target.name === undefined ? this.#list(target, query) : this.#api.get(target)];
      case 'POST': {
        const created = this.#api.create(target, body as never);
        if (created.kind === 'CustomResourceDefinition') this.#types = [...this.#types, ...typesOf(created)];
        return [201, created];
      }
      case 'PUT':
        return [200, this.#api.update(target, body as never)];
      case 'PATCH':
        return [200, this.#api.patch(target, body, type)];
      case 'DELETE': {
        const { preconditions } = (body ?? {}) as { readonly preconditions?: object };
        const gone = this.#api.delete(target, preconditions);
        const isHeld = gone.metadata.deletionTimestamp !== undefined && (gone.metadata.finalizers ?? []).length > 0;
        return [200, isHeld ? gone : deleted(target, gone)];
      }
      default:
        throw new ApiStatus(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    }
  }

  #list(target: Target, query: URLSearchParams): object {
    const found = this.#api.list(target).filter(selectorOf(query));
    const limit = Number(query.get('limit') ?? 0) || found.length;
    const start = Number(query.get('continue') ?? 0);
    const rest = found.length - start - limit;
    return {
      kind: `${target.type.kind}List`,
      apiVersion: apiVersionOf(target.type),
      metadata: {
        resourceVersion: String(this.#store.version),
        ...(rest > 0 && { continue: String(start + limit), remainingItemCount: rest }),
      },
      items: found.slice(start, start + limit),
    };
  }

  #discover(path: string): object {
    if (['/healthz', '/livez', '/readyz'].includes(path)) return {};
    const found = discovery(path, this.#types);
    if (found) return found;
    throw new ApiStatus(404, 'NotFound', 'the server could not find the requested resource');
  }

  #target(path: string): Target | undefined {
    for (const type of this.#types) {
      const place = type.namespaced ? '(?:/namespaces/(?<namespace>[^/]+))?' : '';
      const match = new RegExp(`^${rootOf(type)}${place}/${type.plural}(?:/(?<name>[^/]+))?(?<status>/status)?$`).exec(
        path,
      );
      if (!match) continue;
      const { namespace, name, status } = match.groups ?? {};
      return { type, namespace, name, status: status !== undefined };
    }
    return undefined;
  }

  #install(definition: object): void {
    const target = this.#target('/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    if (!target) throw new Error('the type of definitions is missing');
    this.#api.create(target, definition as never);
    this.#types = [...this.#types, ...typesOf(definition)];
  }

  #authenticate({ headers }: IncomingMessage): void {
    if (this.#token === undefined || headers.authorization === `Bearer ${this.#token}`) return;
    throw new ApiStatus(401, 'Unauthorized', 'Unauthorized');
  }

  #injectFault(method: string, path: string): void {
    const fault = this.faults.find((one) => one.method === method && one.path.test(path) && (one.times ?? 1) > 0);
    if (!fault) return;
    if (fault.times !== undefined) fault.times -= 1;
    throw fault.status;
  }
}

interface Input {
  readonly body: unknown;
  readonly query: URLSearchParams;
  readonly type: string;
}

/** Starts a simulated API server on a free port. */
export async function startSimulatedKubernetes(options?: SimulatedKubernetesOptions): Promise<SimulatedKubernetes> {
  const server = new SimulatedKubernetes(options);
  await server.listen();
  return server;
}

function deleted({ type }: Target, { metadata }: KubeObject): object {
  const details = { name: metadata.name, ...(type.group !== '' && { group: type.group }), kind: type.plural };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...details, uid: metadata.uid },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('the object provided is unrecognized (must be of type Object)');
  }
}

function mediaType({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}

function isTrue(flag: string | null): boolean {
  return flag === 'true' || flag === '1';
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
