import type { CustomKind } from './custom-kinds.ts';
import type { CustomObject, CustomStatus, ObjectMeta, OwnerReference, SecretObject } from './custom-object.ts';
import type { Lease } from './lease.ts';

/** What can be listed and watched. */
export type Watched = CustomKind | 'secrets';

/** One page of a list. */
export interface ListPage {
  readonly items: readonly { readonly metadata: ObjectMeta }[];
  readonly resourceVersion: string;
  /** Where the next page begins; undefined on the last. */
  readonly continue?: string;
}

/** One line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

export interface WatchOptions {
  readonly namespace: string | undefined;
  readonly resourceVersion: string;
  readonly onEvent: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
}

export interface NewSecret {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
  /** Base64. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * The part of Kubernetes' API that the operator uses. Everything throws {@link KubeError}; what is not there is undefined where it is
 * read, and no error where it is deleted.
 */
export interface KubeApi {
  /** `namespace` undefined: all of them. `token`: what an earlier page said in `continue`. */
  list(watched: Watched, namespace: string | undefined, token?: string): Promise<ListPage>;
  /** Resolves when the server ends the watch; rejects when it breaks off. */
  watch(watched: Watched, options: WatchOptions): Promise<void>;
  get(kind: CustomKind, namespace: string, name: string): Promise<CustomObject | undefined>;
  /** Refused with 409 when the object is another than `resourceVersion` by now. */
  setFinalizers(kind: CustomKind, object: CustomObject, finalizers: readonly string[]): Promise<CustomObject>;
  /** Likewise. */
  setStatus(kind: CustomKind, object: CustomObject, status: CustomStatus): Promise<CustomObject>;
  getSecret(namespace: string, name: string): Promise<SecretObject | undefined>;
  createSecret(secret: NewSecret): Promise<SecretObject>;
  /** Likewise refused with 409. */
  setSecretData(secret: SecretObject, data: Readonly<Record<string, string>>): Promise<SecretObject>;
  deleteSecret(secret: SecretObject): Promise<void>;
  getLease(namespace: string, name: string): Promise<Lease | undefined>;
  createLease(lease: Lease): Promise<Lease>;
  /** Refused with 409 when another was faster. */
  replaceLease(lease: Lease): Promise<Lease>;
}
