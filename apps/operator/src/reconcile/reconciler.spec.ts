import { describe, expect, it } from '@jest/globals';
import type { AdminClient } from '../admin/admin-client.ts';
import { RefusedError } from '../admin/refused-error.ts';
import { customKind } from '../kubernetes/custom-kinds.ts';
import type { CustomObject, CustomStatus } from '../kubernetes/custom-object.ts';
import type { KubeApi } from '../kubernetes/kube-api.ts';
import { KeyDelivery } from './key-delivery.ts';
import { FINALIZER, Reconciler } from './reconciler.ts';
import { SecretScrubber } from './secret-scrubber.ts';

const kind = customKind('LlmProvider');
const base: CustomObject = {
  apiVersion: 'penstock.dev/v1',
  kind: 'LlmProvider',
  metadata: {
    name: 'p',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '1',
    generation: 1,
    finalizers: ['other/one', FINALIZER],
  },
  spec: { upstream: { auth: { type: 'other', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } } } },
};

/** A control plane with one document, and Kubernetes with one Secret; both tell what they were asked. */
class Stage {
  readonly asked: string[] = [];
  stored: { spec: string; version: number; managedBy: string | undefined } | undefined;
  token = 'sk-0123456789';
  refusal: Error | undefined;
  statuses: CustomStatus[] = [];
  readonly reconciler: Reconciler;

  constructor() {
    const admin = {
      find: async () => {
        this.asked.push('find');
        return this.stored && { managedBy: this.stored.managedBy, etag: `v${this.stored.version}` };
      },
      apply: async (manifest: { spec: object }, managedBy: string) => {
        this.asked.push('apply');
        if (this.refusal) throw this.refusal;
        const spec = JSON.stringify(manifest.spec);
        const result = !this.stored ? 'created' : this.stored.spec === spec ? 'unchanged' : 'changed';
        if (result !== 'unchanged') this.stored = { spec, managedBy, version: (this.stored?.version ?? 0) + 1 };
        return { result };
      },
      remove: async (_path: string, _name: string, etag: string) => {
        this.asked.push(`remove ${etag}`);
        if (this.refusal) throw this.refusal;
        this.stored = undefined;
      },
    } as unknown as AdminClient;
    const api = {
      getSecret: async () => ({ metadata: base.metadata, data: { k: Buffer.from(this.token).toString('base64') } }),
      setFinalizers: async (_kind: unknown, object: CustomObject, finalizers: string[]) => {
        this.asked.push(`finalizers ${finalizers.join(' ')}`);
        return { ...object, metadata: { ...object.metadata, finalizers } };
      },
      setStatus: async (_kind: unknown, _object: unknown, status: CustomStatus) => void this.statuses.push(status),
    } as unknown as KubeApi;
    const scrubber = new SecretScrubber();
    const keys = new KeyDelivery({ api, admin, scrubber });
    this.reconciler = new Reconciler({ api, admin, keys, scrubber, operator: 'k8s', clock: () => new Date(0) });
  }

  /** What it did, and what was asked for it. */
  async reconcile(object: CustomObject = base): Promise<string> {
    this.asked.length = 0;
    const { result } = await this.reconciler.reconcile(kind, object);
    return [result, ...this.asked].join(', ');
  }
}

describe('Reconciler', () => {
  it('applies until nothing differs, and then only reads', async () => {
    const stage = new Stage();
    expect(await stage.reconcile()).toBe('created, find, apply');
    expect(await stage.reconcile()).toBe('unchanged, find, apply');
    expect(await stage.reconcile()).toBe('unchanged, find');
    expect(stage.stored).toMatchObject({ managedBy: 'k8s.n' });
  });

  it('applies again when the document, the object or its Secret has changed', async () => {
    const stage = new Stage();
    for (let times = 0; times < 3; times += 1) await stage.reconcile();
    stage.stored = { ...stage.stored!, spec: '{}', version: 7 };
    expect(await stage.reconcile()).toBe('changed, find, apply');
    await stage.reconcile();
    stage.token = 'sk-rotated-012345';
    expect(await stage.reconcile()).toBe('changed, find, apply');
    await stage.reconcile();
    expect(await stage.reconcile({ ...base, spec: { a: 1 } })).toBe('changed, find, apply');
    stage.stored = undefined;
    expect(await stage.reconcile()).toBe('created, find, apply');
  });

  it('takes hold of an object before it writes', async () => {
    const { finalizers: _finalizers, ...metadata } = base.metadata;
    expect(await new Stage().reconcile({ ...base, metadata })).toBe(`created, finalizers ${FINALIZER}, find, apply`);
  });

  it('tells refusals without credentials', async () => {
    const stage = new Stage();
    const errors = [{ field: 'spec.x', message: `not '${stage.token}'` }];
    stage.refusal = new RefusedError(400, { status: 'error', code: 'invalid', message: 'm', errors, requestId: 'r' });
    expect(await stage.reconcile()).toBe('failed, find, apply');
    expect(stage.statuses[0]?.conditions?.[0]).toMatchObject({ reason: 'Invalid', message: "spec.x: not '[secret]'" });
  });

  it('deletes its own document in the version that it has read, and lets go of the object', async () => {
    const stage = new Stage();
    await stage.reconcile();
    const going = { ...base, metadata: { ...base.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(await stage.reconcile(going)).toBe('deleted, find, remove v1, finalizers other/one');
    expect(await stage.reconcile(going)).toBe('deleted, find, finalizers other/one');
    stage.stored = { spec: '{}', version: 1, managedBy: 'somebody' };
    expect(await stage.reconcile(going)).toBe('deleted, find, finalizers other/one');
    expect(stage.stored).toBeDefined();
  });

  it('keeps an object that is in use', async () => {
    const stage = new Stage();
    await stage.reconcile();
    const errors = [{ field: 'metadata.name', message: 'used by LlmProxy shop' }];
    stage.refusal = new RefusedError(409, {
      status: 'error',
      code: 'still_referenced',
      message: 'm',
      errors,
      requestId: 'r',
    });
    const going = { ...base, metadata: { ...base.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(await stage.reconcile(going)).toBe('failed, find, remove v1');
    expect(stage.statuses.at(-1)?.conditions?.[1]).toMatchObject({
      reason: 'InUse',
      message: 'it cannot be deleted: it is still used by LlmProxy shop',
    });
  });
});
