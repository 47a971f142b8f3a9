import type { VirtualKey } from '@penstock/contracts';
import type { AdminClient } from '../admin/admin-client.ts';
import { type CustomKind, customKind } from '../kubernetes/custom-kinds.ts';
import { type CustomObject, ownerReferenceOf, type SecretObject } from '../kubernetes/custom-object.ts';
import type { KubeApi } from '../kubernetes/kube-api.ts';
import { KubeError } from '../kubernetes/kube-error.ts';
import { failed, type Outcome, synced } from './outcome.ts';
import type { SecretScrubber } from './secret-scrubber.ts';

/** Where the key stands in its Secret. */
const KEY = 'key';
/** Whoever still has a former key has a day to read the Secret again. */
const GRACE_SECONDS = 86_400;
const STATES: Readonly<Record<VirtualKey['status']['state'], string>> = {
  active: 'Synced',
  disabled: 'Disabled',
  expired: 'Expired',
  revoked: 'Revoked',
};

export interface KeyDeliveryOptions {
  readonly api: KubeApi;
  readonly admin: AdminClient;
  readonly scrubber: SecretScrubber;
}

/**
 * Brings the secret of a virtual key, which the control plane tells once, into a Secret. What could not be written is kept until it
 * can; what was lost with the process is replaced: the key is rotated until the Secret holds one that the control plane knows.
 */
export class KeyDelivery {
  readonly #options: KeyDeliveryOptions;
  readonly #kind: CustomKind = customKind('VirtualKey');
  /** Keys that are made and not written yet, by the object's uid. */
  readonly #pending = new Map<string, string>();

  constructor(options: KeyDeliveryOptions) {
    this.#options = options;
  }

  /** What speaks against the object's Secret, before a key is made for it. */
  async obstacle(object: CustomObject): Promise<Outcome | undefined> {
    const name = secretNameOf(object);
    const secret = await this.#options.api.getSecret(object.metadata.namespace, name);
    if (!secret || isOwned(secret, object)) return undefined;
    return failed(
      'SecretNotOwned',
      `spec.secretName: the Secret '${name}' is there already and belongs to something else`,
    );
  }

  /** `revealed`: the key, if it was made just now. */
  async deliver(object: CustomObject, revealed: string | undefined): Promise<Outcome> {
    const { uid, namespace, name } = object.metadata;
    if (revealed !== undefined) this.#hold(uid, revealed);
    const { status } = await this.#options.admin.virtualKey(name);
    if (status.state === 'revoked') return failed('Revoked', 'the key is revoked for good', { retry: false });
    const secretName = secretNameOf(object);
    const secret = await this.#options.api.getSecret(namespace, secretName);
    if (!matches(keyIn(secret), status)) {
      const key = await this.#keyFor(object, status);
      try {
        await this.#write(object, secret, key);
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        return failed('SecretNotWritten', `the Secret '${secretName}' could not be written: ${error.message}`);
      }
    }
    this.#pending.delete(uid);
    await this.#removeFormer(object);
    const told = { secretName, ready: status.state === 'active', reason: STATES[status.state] };
    return synced(`the key is ${status.state}; it stands in the Secret '${secretName}'`, told);
  }

  forget(uid: string): void {
    this.#pending.delete(uid);
  }

  /** A key that works: one that waits to be written, the one of the Secret before this one, or a new one. */
  async #keyFor(object: CustomObject, status: VirtualKey['status']): Promise<string> {
    const { uid, namespace, name } = object.metadata;
    const pending = this.#pending.get(uid);
    if (pending !== undefined && matches(pending, status)) return pending;
    const former = formerName(object);
    const secret = former === undefined ? undefined : await this.#options.api.getSecret(namespace, former);
    const moved = secret && isOwned(secret, object) ? keyIn(secret) : undefined;
    if (moved !== undefined && matches(moved, status)) return moved;
    return this.#hold(uid, await this.#options.admin.rotate(name, GRACE_SECONDS));
  }

  async #write(object: CustomObject, secret: SecretObject | undefined, key: string): Promise<void> {
    const { namespace, name } = object.metadata;
    const data = { [KEY]: Buffer.from(key).toString('base64') };
    if (secret) {
      await this.#options.api.setSecretData(secret, data);
      return;
    }
    const labels = { 'app.kubernetes.io/managed-by': 'penstock-operator', 'penstock.dev/virtual-key': labelOf(name) };
    const ownerReferences = [ownerReferenceOf(this.#kind, object)];
    await this.#options.api.createSecret({ name: secretNameOf(object), namespace, labels, ownerReferences, data });
  }

  /** The Secret of the name before this one. */
  async #removeFormer(object: CustomObject): Promise<void> {
    const former = formerName(object);
    if (former === undefined) return;
    const secret = await this.#options.api.getSecret(object.metadata.namespace, former);
    if (secret && isOwned(secret, object)) await this.#options.api.deleteSecret(secret);
  }

  #hold(uid: string, key: string): string {
    this.#options.scrubber.add(key);
    this.#pending.set(uid, key);
    return key;
  }
}

/** The Secret that gets the key of an object. */
export function secretNameOf({ metadata, spec }: CustomObject): string {
  const { secretName } = spec;
  return typeof secretName === 'string' ? secretName : `${metadata.name}-key`;
}

function formerName(object: CustomObject): string | undefined {
  const former = object.status?.secretName;
  return former === secretNameOf(object) ? undefined : former;
}

function isOwned({ metadata }: SecretObject, object: CustomObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === object.metadata.uid);
}

function keyIn(secret: SecretObject | undefined): string | undefined {
  const encoded = secret?.data?.[KEY];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Whether it is the key's current secret; the prefix holds an id that no two secrets share. */
function matches(key: string | undefined, { prefix, lastFour }: VirtualKey['status']): boolean {
  return key !== undefined && key.startsWith(`${prefix}_`) && key.endsWith(lastFour);
}

/** Labels are short. */
function labelOf(name: string): string {
  return name.slice(0, 63).replace(/[^a-z0-9]+$/, '');
}
