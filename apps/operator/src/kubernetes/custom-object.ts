import { type CustomKind, type CustomKindName, GROUP, VERSION } from './custom-kinds.ts';

/** What every object of Kubernetes has, as far as the operator looks at it. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  /** When it was to be deleted; it stays until the last finalizer is gone. */
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** A statement about an object, as Kubernetes' own kinds make them. */
export interface Condition {
  readonly type: 'Synced' | 'Ready';
  readonly status: 'True' | 'False' | 'Unknown';
  /** One word, for programs. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
  readonly observedGeneration: number;
  /** When `status` became what it is. */
  readonly lastTransitionTime: string;
}

export interface CustomStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly secretName?: string;
}

/** One custom resource as the API server has it. */
export interface CustomObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: CustomStatus;
}

/** A Secret; the values are base64. */
export interface SecretObject {
  readonly metadata: ObjectMeta;
  readonly data?: Readonly<Record<string, string>>;
}

/** The name of one object among all that the operator looks after. */
export interface ObjectKey {
  readonly kind: CustomKindName;
  readonly namespace: string;
  readonly name: string;
}

export function keyText({ kind, namespace, name }: ObjectKey): string {
  return `${kind}/${namespace}/${name}`;
}

/** The reference by which what belongs to the object goes with it. */
export function ownerReferenceOf({ kind }: CustomKind, { metadata }: CustomObject): OwnerReference {
  const { name, uid } = metadata;
  return { apiVersion: `${GROUP}/${VERSION}`, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
