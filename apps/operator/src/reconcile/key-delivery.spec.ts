import { describe, expect, it } from '@jest/globals';
import type { AdminClient } from '../admin/admin-client.ts';
import type { CustomObject, SecretObject } from '../kubernetes/custom-object.ts';
import type { KubeApi, NewSecret } from '../kubernetes/kube-api.ts';
import { KubeError } from '../kubernetes/kube-error.ts';
import { KeyDelivery } from './key-delivery.ts';
import { SecretScrubber } from './secret-scrubber.ts';

const object: CustomObject = {
  apiVersion: 'penstock.dev/v1',
  kind: 'VirtualKey',
  metadata: { name: 'app', namespace: 'n', uid: 'uid-1', resourceVersion: '1', generation: 1 },
  spec: {},
};
const told = (secretName: string): CustomObject => ({ ...object, status: { secretName } });

/** A control plane that knows one key, and Kubernetes with its Secrets. */
class Stage {
  readonly secrets = new Map<string, SecretObject>();
  readonly scrubber = new SecretScrubber();
  rotations: number[] = [];
  state = 'active';
  isReadOnly = false;
  #count = 0;
  delivery = this.restart();

  /** A new process: what was in memory is lost. */
  restart(): KeyDelivery {
    const api = {
      getSecret: async (_namespace: string, name: string) => this.secrets.get(name),
      createSecret: async ({ name, namespace, ownerReferences, data }: NewSecret) => {
        this.#requireWritable();
        const metadata = { name, namespace, uid: name, resourceVersion: '1', ownerReferences };
        this.secrets.set(name, { metadata, data });
      },
      setSecretData: async (secret: SecretObject, data: SecretObject['data']) => {
        this.#requireWritable();
        this.secrets.set(secret.metadata.name, { ...secret, data: { ...secret.data, ...data } });
      },
      deleteSecret: async ({ metadata }: SecretObject) => void this.secrets.delete(metadata.name),
    };
    const admin = {
      virtualKey: async () => ({
        status: { state: this.state, prefix: `psk_${this.#count}`, lastFour: `-${this.#count}.` },
      }),
      rotate: async (_name: string, graceSeconds: number) => {
        this.rotations.push(graceSeconds);
        return this.made();
      },
    };
    this.delivery = new KeyDelivery({
      api: api as unknown as KubeApi,
      admin: admin as unknown as AdminClient,
      scrubber: this.scrubber,
    });
    return this.delivery;
  }

  /** The control plane makes a key and tells it. */
  made(): string {
    this.#count += 1;
    return `psk_${this.#count}_secret-${this.#count}.`;
  }

  key(name = 'app-key'): string {
    return Buffer.from(this.secrets.get(name)?.data?.['key'] ?? '', 'base64').toString();
  }

  #requireWritable(): void {
    if (this.isReadOnly) throw new KubeError('etcd is read-only', 500, 'InternalError');
  }
}

describe('KeyDelivery', () => {
  it('writes a new key into a Secret of the object, and then leaves it alone', async () => {
    const stage = new Stage();
    const outcome = await stage.delivery.deliver(object, stage.made());
    expect(outcome).toMatchObject({ synced: true, ready: true, reason: 'Synced', secretName: 'app-key' });
    expect(stage.key()).toBe('psk_1_secret-1.');
    expect(stage.secrets.get('app-key')?.metadata.ownerReferences).toMatchObject([
      { kind: 'VirtualKey', name: 'app', uid: 'uid-1', controller: true },
    ]);
    const before = stage.secrets.get('app-key');
    await stage.restart().deliver(told('app-key'), undefined);
    expect(stage.secrets.get('app-key')).toBe(before);
    expect(stage.rotations).toEqual([]);
    expect(stage.scrubber.scrub('the key psk_1_secret-1. here')).toBe('the key [secret] here');
  });

  it('keeps a key that cannot be written, and writes that one later', async () => {
    const stage = new Stage();
    stage.isReadOnly = true;
    const outcome = await stage.delivery.deliver(object, stage.made());
    expect(outcome).toMatchObject({ synced: false, reason: 'SecretNotWritten', retry: true });
    expect(outcome.message).not.toContain('psk_1_secret');
    stage.isReadOnly = false;
    await stage.delivery.deliver(object, undefined);
    expect([stage.key(), stage.rotations]).toEqual(['psk_1_secret-1.', []]);
  });

  it('rotates a key that was lost with the process or with the answer that told it', async () => {
    const stage = new Stage();
    stage.isReadOnly = true;
    await stage.delivery.deliver(object, stage.made());
    stage.isReadOnly = false;
    await stage.restart().deliver(object, undefined);
    expect([stage.key(), stage.rotations]).toEqual(['psk_2_secret-2.', [86_400]]);
  });

  it('replaces a key in the Secret that is no longer the current one', async () => {
    const stage = new Stage();
    await stage.delivery.deliver(object, stage.made());
    stage.made();
    await stage.delivery.deliver(told('app-key'), undefined);
    expect(stage.key()).toBe('psk_3_secret-3.');
  });

  it('drops a key that waits when it was rotated elsewhere meanwhile', async () => {
    const stage = new Stage();
    stage.isReadOnly = true;
    await stage.delivery.deliver(object, stage.made());
    stage.made();
    stage.isReadOnly = false;
    await stage.delivery.deliver(object, undefined);
    expect(stage.key()).toBe('psk_3_secret-3.');
  });

  it('moves the key with the name of its Secret', async () => {
    const stage = new Stage();
    await stage.delivery.deliver(object, stage.made());
    const moved = { ...told('app-key'), spec: { secretName: 'elsewhere' } };
    expect(await stage.delivery.deliver(moved, undefined)).toMatchObject({ secretName: 'elsewhere' });
    expect([stage.key('elsewhere'), stage.secrets.has('app-key'), stage.rotations]).toEqual([
      'psk_1_secret-1.',
      false,
      [],
    ]);
  });

  it('takes no Secret that belongs to something else', async () => {
    const stage = new Stage();
    const metadata = { name: 'app-key', namespace: 'n', uid: 's', resourceVersion: '1' };
    stage.secrets.set('app-key', { metadata, data: {} });
    expect(await stage.delivery.obstacle(object)).toMatchObject({ reason: 'SecretNotOwned', synced: false });
    stage.secrets.set('app-key', { metadata: { ...metadata, ownerReferences: [{ ...owner, uid: 'uid-1' }] } });
    expect(await stage.delivery.obstacle(object)).toBeUndefined();
  });

  it('is ready only when the key works', async () => {
    const stage = new Stage();
    stage.state = 'expired';
    expect(await stage.delivery.deliver(object, stage.made())).toMatchObject({
      synced: true,
      ready: false,
      reason: 'Expired',
    });
    stage.state = 'revoked';
    expect(await stage.delivery.deliver(object, undefined)).toMatchObject({ reason: 'Revoked', retry: false });
  });
});

const owner = { apiVersion: 'penstock.dev/v1', kind: 'VirtualKey', name: 'app' };
