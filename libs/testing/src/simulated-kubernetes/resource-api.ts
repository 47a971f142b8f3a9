import { isDeepStrictEqual } from 'node:util';
import { alreadyExists, badRequest, conflict, invalid, notFound, type StatusCause } from './api-status.ts';
import { applyPatch } from './apply-patch.ts';
import { prune, schemaCauses } from './crd-schema.ts';
import { apiVersionOf, type KubeMetadata, type KubeObject, type ResourceType } from './kube-object.ts';
import type { VersionedStore } from './versioned-store.ts';

/** One object or one collection that a request is about. */
export interface Target {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly status: boolean;
}

/** What a client sends; nothing of it is trusted. */
type Sent = Readonly<Record<string, unknown>> & { readonly metadata?: Partial<KubeMetadata> };

interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

/** Create, read, update, patch and delete, with the rules that hold for all objects. */
export class ResourceApi {
  readonly #store: VersionedStore;
  readonly #clock: () => Date;

  constructor(store: VersionedStore, clock: () => Date) {
    this.#store = store;
    this.#clock = clock;
  }

  get({ type, namespace, name = '' }: Target): KubeObject {
    const object = this.#store.get(collectionOf(type), idOf(namespace, name));
    if (!object) throw notFound(type, name);
    return object;
  }

  list({ type, namespace }: Target): readonly KubeObject[] {
    const objects = this.#store.list(collectionOf(type));
    return namespace === undefined ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace);
  }

  create({ type, namespace }: Target, sent: Sent): KubeObject {
    requireType(type, sent);
    const { metadata = {} } = sent;
    if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
    const name = metadata.name ?? '';
    if (this.#store.get(collectionOf(type), idOf(namespace, name))) throw alreadyExists(type, name);
    this.#requireNamespace(namespace);
    const { status, ...rest } = sent;
    const created = {
      ...(type.hasStatus ? rest : { ...rest, ...(status !== undefined && { status }) }),
      metadata: {
        ...this.#ownMetadata(type),
        ...changeable(metadata),
        name,
        ...(namespace !== undefined && { namespace }),
      },
    } as KubeObject;
    return this.#store.put(collectionOf(type), idOf(namespace, name), checked(type, name, created));
  }

  update(target: Target, sent: Sent): KubeObject {
    const current = this.get(target);
    requireType(target.type, sent);
    if (target.type.schema && !sent.metadata?.resourceVersion) {
      const message = 'Invalid value: 0: must be specified for an update';
      throw invalid(target.type, current.metadata.name, [
        { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' },
      ]);
    }
    return this.#replace(target, current, sent);
  }

  patch(target: Target, patch: unknown, mediaType: string): KubeObject {
    const current = this.get(target);
    if (target.type.schema && mediaType === 'application/strategic-merge-patch+json') {
      return applyPatch(current, patch, 'unsupported') as never;
    }
    return this.#replace(target, current, applyPatch(current, patch, mediaType) as Sent);
  }

  /** The object as it goes, or as it stays while finalizers hold it. */
  delete(target: Target, preconditions: Preconditions = {}): KubeObject {
    const current = this.get(target);
    const { metadata } = current;
    const { type, namespace } = target;
    for (const field of ['uid', 'resourceVersion'] as const) {
      const wanted = preconditions[field];
      if (wanted === undefined || wanted === metadata[field]) continue;
      const what = field === 'uid' ? 'UID' : 'ResourceVersion';
      const cause = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${metadata[field]}`;
      throw conflict(type, metadata.name, cause);
    }
    if ((metadata.finalizers ?? []).length === 0) {
      this.#remove(type, current);
      return current;
    }
    if (metadata.deletionTimestamp !== undefined) return current;
    const marked = {
      ...current,
      metadata: {
        ...metadata,
        ...(metadata.generation !== undefined && { generation: metadata.generation + 1 }),
        deletionTimestamp: seconds(this.#clock()),
        deletionGracePeriodSeconds: 0,
      },
    };
    return this.#store.put(collectionOf(type), idOf(namespace, metadata.name), marked);
  }

  #replace({ type, namespace, status }: Target, current: KubeObject, sent: Sent): KubeObject {
    const { name } = current.metadata;
    const version = sent.metadata?.resourceVersion;
    if (version && version !== current.metadata.resourceVersion) throw conflict(type, name);
    if (sent.metadata?.uid && sent.metadata.uid !== current.metadata.uid) {
      const { uid } = sent.metadata;
      throw conflict(
        type,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
      );
    }
    const next = checked(type, name, status ? withStatus(current, sent) : merged(type, current, sent));
    requireNoNewFinalizers(type, current, next);
    if (isDeepStrictEqual(current, next)) return current;
    const { deletionTimestamp, finalizers = [] } = next.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) {
      this.#remove(type, next);
      return next;
    }
    return this.#store.put(collectionOf(type), idOf(namespace, name), next);
  }

  #remove(type: ResourceType, { metadata }: KubeObject): void {
    this.#store.remove(collectionOf(type), idOf(metadata.namespace, metadata.name));
    // The garbage collector is another process, which comes a little later.
    setImmediate(() => this.#collect(metadata.uid));
  }

  /** What belonged to the object alone goes with it. */
  #collect(uid: string): void {
    for (const collection of this.#store.collections()) {
      for (const { metadata } of this.#store.list(collection)) {
        const owners = metadata.ownerReferences ?? [];
        if (owners.length === 0 || owners.some((owner) => owner.uid !== uid)) continue;
        this.#store.remove(collection, idOf(metadata.namespace, metadata.name));
      }
    }
  }

  #requireNamespace(namespace: string | undefined): void {
    if (namespace === undefined || this.#store.get('/namespaces', idOf(undefined, namespace))) return;
    throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
  }

  #ownMetadata(type: ResourceType): Partial<KubeMetadata> {
    const own = { uid: crypto.randomUUID(), creationTimestamp: seconds(this.#clock()) };
    return type.schema ? { ...own, generation: 1 } : own;
  }
}

export function collectionOf({ group, plural }: ResourceType): string {
  return `${group}/${plural}`;
}

export function idOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/** What clients may say of an object's metadata. */
function changeable({
  labels,
  annotations,
  finalizers,
  ownerReferences,
}: Partial<KubeMetadata>): Partial<KubeMetadata> {
  return {
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(finalizers && finalizers.length > 0 && { finalizers }),
    ...(ownerReferences && { ownerReferences }),
  };
}

/** An update of the object: its status stays, and its generation counts what changes besides metadata. */
function merged(type: ResourceType, current: KubeObject, sent: Sent): KubeObject {
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, ...own } = current.metadata;
  const { metadata = {}, status, ...rest } = sent;
  const kept = type.hasStatus ? current['status'] : status;
  const next = { ...rest, ...(kept !== undefined && { status: kept }), metadata: { ...own, ...changeable(metadata) } };
  const pruned = (type.schema ? prune(next, type.schema) : next) as KubeObject;
  if (own.generation === undefined || isDeepStrictEqual(essence(current), essence(pruned))) return pruned;
  return { ...pruned, metadata: { ...pruned.metadata, generation: own.generation + 1 } };
}

function essence({ metadata: _metadata, status: _status, ...rest }: KubeObject): object {
  return rest;
}

/** An update of the status: nothing else changes. */
function withStatus(current: KubeObject, { status }: Sent): KubeObject {
  const { status: _status, ...rest } = current;
  return { ...rest, ...(status !== undefined && { status }) } as KubeObject;
}

function requireNoNewFinalizers(type: ResourceType, current: KubeObject, next: KubeObject): void {
  if (current.metadata.deletionTimestamp === undefined) return;
  const former = new Set(current.metadata.finalizers);
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !former.has(finalizer));
  if (added.length === 0) return;
  const found = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${found}`;
  throw invalid(type, current.metadata.name, [
    { reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' },
  ]);
}

/** The object as it is stored. Throws the 422. */
function checked(type: ResourceType, name: string, object: KubeObject): KubeObject {
  const causes: StatusCause[] = [];
  if (!NAME.test(name)) {
    const message =
      name === '' ? 'Required value: name or generateName is required' : `Invalid value: "${name}": ${NAME_RULE}`;
    const reason = name === '' ? 'FieldValueRequired' : 'FieldValueInvalid';
    causes.push({ reason, message, field: 'metadata.name' });
  }
  const pruned = (type.schema ? prune(object, type.schema) : object) as KubeObject;
  if (type.schema) causes.push(...schemaCauses(pruned, type.schema));
  if (causes.length > 0) throw invalid(type, name, causes);
  return type.kind === 'Secret' ? withData(pruned) : pruned;
}

/** What is written in plain text is stored in base64. */
function withData(secret: KubeObject): KubeObject {
  const {
    stringData = {},
    data = {},
    ...rest
  } = secret as unknown as {
    readonly stringData?: Readonly<Record<string, string>>;
    readonly data?: Readonly<Record<string, string>>;
  } & KubeObject;
  for (const value of Object.values(data)) {
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) {
      throw badRequest('Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0');
    }
  }
  const plain = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { type: 'Opaque', ...rest, data: { ...data, ...(Object.fromEntries(plain) as object) } };
}

function requireType(type: ResourceType, { apiVersion, kind }: Sent): void {
  if (apiVersion === apiVersionOf(type) && kind === type.kind) return;
  throw badRequest(
    `the API version in the data (${String(apiVersion)}) does not match the expected API version (${apiVersionOf(type)})`,
  );
}

function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
