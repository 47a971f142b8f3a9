import { describe, expect, it } from '@jest/globals';
import { customKind } from '../kubernetes/custom-kinds.ts';
import type { CustomObject, SecretObject } from '../kubernetes/custom-object.ts';
import { manifestOf } from './manifest-of.ts';
import { resolveSecrets, secretReferencesIn } from './resolve-secrets.ts';

const metadata = { name: 's', namespace: 'n', uid: 'u', resourceVersion: '1' };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret: SecretObject = { metadata, data: { token: base64('sk-1\n'), empty: base64('') } };
const read = async (name: string) => (name === 's' ? secret : undefined);

const auth = (key: string, more: object = {}) => ({
  type: 'api-key',
  valueFrom: { secretKeyRef: { name: 's', key, ...more } },
});

describe('resolveSecrets', () => {
  it('puts values in the place of references, wherever an auth stands', async () => {
    const spec = {
      upstream: { url: 'https://x', auth: auth('token', { prefix: 'Bearer ' }) },
      additionalProviders: [{ id: 'a', auth: auth('token') }],
      params: { valueFrom: { secretKeyRef: { name: 's', key: 'token' } } },
    };
    expect(secretReferencesIn(spec).map(({ name }) => name)).toEqual(['s', 's']);
    const { spec: resolved, values } = await resolveSecrets(spec, read);
    expect(resolved).toEqual({
      upstream: { url: 'https://x', auth: { type: 'api-key', value: 'Bearer sk-1' } },
      additionalProviders: [{ id: 'a', auth: { type: 'api-key', value: 'sk-1' } }],
      params: spec.params,
    });
    expect(new Set(values)).toEqual(new Set(['Bearer sk-1', 'sk-1']));
  });

  it.each([
    [
      { type: 'api-key', valueFrom: { secretKeyRef: { name: 'x', key: 'token' } } },
      "name: there is no Secret named 'x'",
    ],
    [auth('other'), "key: the Secret 's' has no key 'other'"],
    [auth('empty'), "key: 'empty' of the Secret 's' is empty"],
    [{ ...auth('token'), value: 'v' }, 'spec.upstream.auth: has both value and valueFrom'],
  ])('says what is wrong with a reference: %#', async (wrong, message) => {
    await expect(resolveSecrets({ upstream: { auth: wrong } }, read)).rejects.toThrow(message);
  });
});

describe('manifestOf', () => {
  it("leaves out what is Kubernetes' own", () => {
    const object: CustomObject = {
      apiVersion: 'penstock.dev/v1',
      kind: 'VirtualKey',
      metadata: {
        ...metadata,
        name: 'k',
        labels: { team: 'a', 'app.kubernetes.io/name': 'x', 'helm.sh/chart': 'y' },
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          'penstock.dev/note': 'n',
          'argocd.argoproj.io/x': 'y',
        },
      },
      spec: { secretName: 's', proxies: ['p'] },
    };
    expect(manifestOf(customKind('VirtualKey'), object, object.spec)).toEqual({
      kind: 'VirtualKey',
      metadata: { name: 'k', labels: { team: 'a', 'helm.sh/chart': 'y' }, annotations: { 'penstock.dev/note': 'n' } },
      spec: { proxies: ['p'] },
    });
  });
});
