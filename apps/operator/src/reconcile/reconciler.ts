import type { AdminClient } from '../admin/admin-client.ts';
import type { CustomKind } from '../kubernetes/custom-kinds.ts';
import type { CustomObject } from '../kubernetes/custom-object.ts';
import type { KubeApi } from '../kubernetes/kube-api.ts';
import { isKubeError } from '../kubernetes/kube-error.ts';
import { AppliedVersions } from './applied-versions.ts';
import { statusFor } from './conditions.ts';
import { failureOutcome } from './failure-outcome.ts';
import type { KeyDelivery } from './key-delivery.ts';
import { managerOf, manifestOf } from './manifest-of.ts';
import { failed, type Outcome, synced } from './outcome.ts';
import { resolveSecrets, SecretReferenceError } from './resolve-secrets.ts';
import type { SecretScrubber } from './secret-scrubber.ts';

/** Holds an object until the control plane's document is gone. */
export const FINALIZER = 'penstock.dev/control-plane';

export interface ReconcilerOptions {
  readonly api: KubeApi;
  readonly admin: AdminClient;
  readonly keys: KeyDelivery;
  readonly scrubber: SecretScrubber;
  /** Part of the mark on documents. */
  readonly operator: string;
  readonly clock: () => Date;
}

/** What became of one object. */
export interface Reconciled {
  readonly outcome: Outcome;
  /** What the control plane did to its document. */
  readonly result: 'created' | 'changed' | 'unchanged' | 'deleted' | 'failed';
}

/** Makes the control plane's document what the object says, and tells in the object's status how that went. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #versions = new AppliedVersions();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Throws what is neither a refusal of the control plane nor to be told in the status, such as that Kubernetes does not answer. */
  async reconcile(kind: CustomKind, object: CustomObject): Promise<Reconciled> {
    if (object.metadata.deletionTimestamp !== undefined) return this.#delete(kind, object);
    const held = await this.#withFinalizer(kind, object);
    const reconciled = await this.#apply(kind, held);
    await this.#tell(kind, held, reconciled.outcome);
    return reconciled;
  }

  async #withFinalizer(kind: CustomKind, object: CustomObject): Promise<CustomObject> {
    const { finalizers = [] } = object.metadata;
    if (finalizers.includes(FINALIZER)) return object;
    return this.#options.api.setFinalizers(kind, object, [...finalizers, FINALIZER]);
  }

  async #apply(kind: CustomKind, object: CustomObject): Promise<Reconciled> {
    const { api, keys, scrubber } = this.#options;
    const { namespace } = object.metadata;
    try {
      const obstacle = kind.kind === 'VirtualKey' ? await keys.obstacle(object) : undefined;
      if (obstacle) return { outcome: obstacle, result: 'failed' };
      const resolved = await resolveSecrets(object.spec, (name) => api.getSecret(namespace, name));
      for (const value of resolved.values) scrubber.add(value);
      const manifest = manifestOf(kind, object, resolved.spec);
      const { result, revealed } = await this.#write(kind, object, manifest);
      const outcome =
        kind.kind === 'VirtualKey' ? await keys.deliver(object, revealed?.['key']) : storedOutcome(object);
      return { outcome, result };
    } catch (error) {
      if (error instanceof SecretReferenceError) return failure(failed('SecretMissing', error.message));
      return failure(failureOutcome(error));
    }
  }

  /** Writes the document, unless it is known to be the same. */
  async #write({ path }: CustomKind, { metadata }: CustomObject, manifest: object): Promise<Written> {
    const { admin, operator } = this.#options;
    const { uid, name, namespace } = metadata;
    const before = await admin.find(path, name);
    if (before && this.#versions.isCurrent(uid, manifest, before.etag)) return { result: 'unchanged' };
    this.#versions.forget(uid);
    const { result, revealed } = await admin.apply(manifest, managerOf(operator, namespace));
    if (result === 'deleted') throw new Error('an apply without pruning has deleted a document');
    if (result === 'unchanged' && before) this.#versions.keep(uid, manifest, before.etag);
    return { result, ...(revealed && { revealed }) };
  }

  async #delete(kind: CustomKind, object: CustomObject): Promise<Reconciled> {
    const { finalizers = [] } = object.metadata;
    if (!finalizers.includes(FINALIZER)) return GONE;
    try {
      await this.#removeDocument(kind, object);
    } catch (error) {
      const outcome = failureOutcome(error);
      await this.#tell(kind, object, { ...outcome, message: `it cannot be deleted: ${outcome.message}` });
      return failure(outcome);
    }
    this.#options.keys.forget(object.metadata.uid);
    this.#versions.forget(object.metadata.uid);
    const rest = finalizers.filter((finalizer) => finalizer !== FINALIZER);
    try {
      await this.#options.api.setFinalizers(kind, object, rest);
    } catch (error) {
      if (!isKubeError(error, 404)) throw error;
    }
    return GONE;
  }

  /** What somebody else manages stays. */
  async #removeDocument({ path }: CustomKind, { metadata }: CustomObject): Promise<void> {
    const { admin, operator } = this.#options;
    const found = await admin.find(path, metadata.name);
    if (found?.managedBy !== managerOf(operator, metadata.namespace)) return;
    await admin.remove(path, metadata.name, found.etag);
  }

  async #tell(kind: CustomKind, object: CustomObject, outcome: Outcome): Promise<void> {
    const { api, clock, scrubber } = this.#options;
    const status = statusFor(object, { ...outcome, message: scrubber.scrub(outcome.message) }, clock());
    if (!status) return;
    try {
      await api.setStatus(kind, object, status);
    } catch (error) {
      // Somebody else has taken the last finalizer off.
      if (!isKubeError(error, 404)) throw error;
    }
  }
}

interface Written {
  readonly result: 'created' | 'changed' | 'unchanged';
  /** Secrets that were made. */
  readonly revealed?: Readonly<Record<string, string>>;
}

const GONE: Reconciled = { outcome: synced('the document is deleted'), result: 'deleted' };

function failure(outcome: Outcome): Reconciled {
  return { outcome, result: 'failed' };
}

function storedOutcome({ spec }: CustomObject): Outcome {
  if (spec['deploymentState'] !== 'undeployed') return synced('the control plane has the document');
  return synced('spec.deploymentState takes it out of service', { ready: false, reason: 'Undeployed' });
}
