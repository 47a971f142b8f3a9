import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LlmProvider, LlmProxy } from '@penstock/contracts';
import { ApiStatus, type FaultProxy, startFaultProxy, waitUntil } from '@penstock/testing';
import { AdminApiError } from '../support/admin-api.ts';
import { GatewayClient } from '../support/gateway-client.ts';
import { type KubernetesUnderTest, openKubernetes, type TestObject } from '../support/kubernetes-under-test.ts';
import { openOperator, type OperatorUnderTest } from '../support/operator-under-test.ts';
import { openPlatform } from '../support/platform.ts';
import { uniqueName, untilAllCurrent } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

/** What needs a fault of the API server that a real one does not have. */
const onSimulation = process.env['PENSTOCK_KUBERNETES_URL'] ? it.skip : it;
const PATIENCE = { timeoutMs: 15_000, intervalMs: 50 };
const upstream = await openUpstream();
const platform = openPlatform();
const name = uniqueName('operator');
const namespace = name;
let kubernetes: KubernetesUnderTest;
let operator: OperatorUnderTest;
/** On the way to the control plane. */
let line: FaultProxy;

const credential = (word: string) => `sk-${word}-${'c'.repeat(20)}${word}`;
const of = (plural: string) => `/apis/penstock.dev/v1/namespaces/${namespace}/${plural}`;
const secrets = `/api/v1/namespaces/${namespace}/secrets`;

beforeAll(async () => {
  kubernetes = await openKubernetes();
  await kubernetes.call('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  line = await startFaultProxy({ targetPort: Number(new URL(platform.ready.controlPlane).port) });
  operator = await start();
});
afterAll(async () => {
  await operator.dispose();
  await line.stop();
  await kubernetes.stop();
  await upstream.stop();
});

async function start(): Promise<OperatorUnderTest> {
  const controlPlane = `http://127.0.0.1:${line.port}`;
  const opened = await openOperator(kubernetes, { controlPlane, token: platform.ready.adminToken, namespace });
  await opened.process.start();
  return opened;
}

const kinds = {
  quotas: 'Quota',
  llmproviders: 'LlmProvider',
  llmproxies: 'LlmProxy',
  virtualkeys: 'VirtualKey',
} as const;
type Plural = keyof typeof kinds;

const create = (plural: Plural, object: string, spec: object) =>
  kubernetes.call('POST', of(plural), {
    apiVersion: 'penstock.dev/v1',
    kind: kinds[plural],
    metadata: { name: object },
    spec,
  });
const change = (plural: Plural, object: string, spec: object) =>
  kubernetes.call('PATCH', `${of(plural)}/${object}`, { spec });
const read = (plural: Plural, object: string) => kubernetes.call('GET', `${of(plural)}/${object}`);
const remove = (plural: Plural, object: string) => kubernetes.call('DELETE', `${of(plural)}/${object}`);
const writeSecret = (object: string, value: string) =>
  kubernetes.call('POST', secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: object },
    stringData: { token: value },
  });

const conditionOf = ({ status }: TestObject, type: string) => status?.conditions?.find((one) => one.type === type);

/** Until the object is ready, or not for this reason. */
function until(plural: Plural, object: string, reason: string): Promise<TestObject> {
  return waitUntil(
    `${plural} ${object} to be ${reason}`,
    async () => {
      const found = await read(plural, object);
      const ready = conditionOf(found, 'Ready');
      if (ready?.reason !== reason || found.status?.observedGeneration !== found.metadata.generation) {
        throw new Error(JSON.stringify(found.status ?? 'no status'));
      }
      return found;
    },
    PATIENCE,
  );
}

function untilGone(plural: Plural, object: string): Promise<unknown> {
  const isGone = async (): Promise<boolean> => (await read(plural, object).catch(() => undefined)) === undefined;
  return waitUntil(`${plural} ${object} to be gone`, isGone, PATIENCE);
}

async function keyIn(secret: string): Promise<string> {
  const { data } = await kubernetes.call('GET', `${secrets}/${secret}`);
  return Buffer.from(data?.['key'] ?? '', 'base64').toString();
}

async function chat(key: string, model = 'chat'): Promise<number> {
  await untilAllCurrent(platform.admin);
  const client = new GatewayClient(`${platform.ready.gateway}/${name}/v1`, key);
  return (await client.chat('Hello', { model })).status;
}

const adminStatus = async (path: string): Promise<number> => {
  try {
    await platform.admin.get(path);
    return 200;
  } catch (error) {
    if (error instanceof AdminApiError) return error.status;
    throw error;
  }
};

const providerSpec = (secret = `${name}-upstream`) => ({
  displayName: 'From Kubernetes',
  template: 'vllm',
  upstream: {
    url: upstream.url,
    auth: {
      type: 'api-key',
      header: 'Authorization',
      valueFrom: { secretKeyRef: { name: secret, key: 'token', prefix: 'Bearer ' } },
    },
  },
  models: [{ id: upstream.chatModel }],
});
const proxySpec = (provider: string, { context = `/${name}`, model = 'chat' } = {}) => ({
  displayName: 'From Kubernetes',
  context,
  provider: { id: provider },
  models: [{ name: model, targets: [{ provider, model: upstream.chatModel }] }],
});

describe('The Kubernetes operator', () => {
  it('makes what applications need out of objects in any order', async () => {
    await create('virtualkeys', name, { proxies: [name], quotas: [name] });
    await create('llmproxies', name, proxySpec(name));
    const waiting = await until('llmproxies', name, 'DependencyMissing');
    expect(conditionOf(waiting, 'Synced')).toMatchObject({
      status: 'False',
      message: expect.stringContaining(`spec.provider.id: there is no LlmProvider named '${name}'`),
    });
    await create('llmproviders', name, providerSpec());
    const secretless = await until('llmproviders', name, 'SecretMissing');
    expect(conditionOf(secretless, 'Ready')?.message).toBe(
      `spec.upstream.auth.valueFrom.secretKeyRef.name: there is no Secret named '${name}-upstream' in this namespace`,
    );
    await writeSecret(`${name}-upstream`, `${credential('first')}\n`);
    await create('quotas', name, { limits: [{ unit: 'requests', window: 'minute', max: 1000 }] });
    for (const plural of ['quotas', 'llmproviders', 'llmproxies', 'virtualkeys'] as const) {
      const { metadata, status } = await until(plural, name, 'Synced');
      expect(metadata.finalizers).toEqual(['penstock.dev/control-plane']);
      expect(status?.conditions?.map((condition) => [condition.type, condition.status])).toEqual([
        ['Synced', 'True'],
        ['Ready', 'True'],
      ]);
    }
    const { data } = await kubernetes.call('GET', `${secrets}/${name}-key`);
    expect(Object.keys(data ?? {})).toEqual(['key']);
    expect((await read('virtualkeys', name)).status?.secretName).toBe(`${name}-key`);
    expect(await chat(await keyIn(`${name}-key`))).toBe(200);
    const stored = await platform.admin.get<LlmProvider>(`/llm-providers/${name}`);
    expect(stored.metadata.labels).toEqual({ 'penstock.dev/managed-by': `kubernetes.${namespace}` });
    expect(stored.status.credential?.lastFour).toBe(credential('first').slice(-4));
  });

  it('tells no credential and no key in objects and logs', async () => {
    const key = await keyIn(`${name}-key`);
    const objects = await Promise.all((Object.keys(kinds) as Plural[]).map((plural) => read(plural, name)));
    for (const told of [operator.log(), JSON.stringify(objects)]) {
      expect(told).not.toContain(credential('first'));
      expect(told).not.toContain(key);
    }
    expect(operator.log()).toContain('"A document was written"');
  });

  it('writes nothing while nothing changes', async () => {
    const revision = await newestRevision();
    const resynced = await operator.metric('penstock_operator_reconciliations_total', { result: 'unchanged' });
    const objects = await Promise.all((Object.keys(kinds) as Plural[]).map((plural) => read(plural, name)));
    await waitUntil(
      'two resyncs',
      async () => {
        const now = await operator.metric('penstock_operator_reconciliations_total', { result: 'unchanged' });
        return now >= resynced + 8;
      },
      PATIENCE,
    );
    expect(await newestRevision()).toBe(revision);
    const after = await Promise.all((Object.keys(kinds) as Plural[]).map((plural) => read(plural, name)));
    expect(after).toEqual(objects);
  });

  it('passes a change on', async () => {
    await change('llmproxies', name, proxySpec(name, { model: 'renamed' }));
    const changed = await until('llmproxies', name, 'Synced');
    expect(changed.metadata.generation).toBe(2);
    const key = await keyIn(`${name}-key`);
    expect([await chat(key, 'renamed'), await chat(key, 'chat')]).toEqual([200, 404]);
    await change('llmproxies', name, proxySpec(name));
    await until('llmproxies', name, 'Synced');
  });

  it('takes back what was changed behind its back', async () => {
    await platform.admin.patch(`/llm-proxies/${name}`, { spec: { displayName: 'Drifted' } });
    const isBack = async (): Promise<boolean> =>
      (await platform.admin.get<LlmProxy>(`/llm-proxies/${name}`)).spec.displayName === 'From Kubernetes';
    await waitUntil('the drift to be repaired', isBack, PATIENCE);
  });

  it('passes a rotated Secret on', async () => {
    const data = { token: Buffer.from(credential('second')).toString('base64') };
    await kubernetes.call('PATCH', `${secrets}/${name}-upstream`, { data });
    const isRotated = async (): Promise<boolean> => {
      const { status } = await platform.admin.get<LlmProvider>(`/llm-providers/${name}`);
      return status.credential?.lastFour === credential('second').slice(-4);
    };
    await waitUntil('the credential to be rotated', isRotated, PATIENCE);
    expect(operator.log()).not.toContain(credential('second'));
  });

  it('tells what the control plane finds wrong, field by field', async () => {
    await create('llmproxies', `${name}-wrong`, proxySpec(name, { context: '/v1' }));
    const wrong = await until('llmproxies', `${name}-wrong`, 'Invalid');
    expect(conditionOf(wrong, 'Ready')?.message).toContain('spec.context: is reserved for the gateway itself');
    await change('llmproxies', `${name}-wrong`, { context: `/${name}-wrong` });
    await until('llmproxies', `${name}-wrong`, 'Synced');
    await remove('llmproxies', `${name}-wrong`);
    await untilGone('llmproxies', `${name}-wrong`);
    expect(await adminStatus(`/llm-proxies/${name}-wrong`)).toBe(404);
  });

  it('leaves alone what another manager has, also when the object is deleted', async () => {
    const document = {
      kind: 'Quota',
      metadata: { name: `${name}-other` },
      spec: { limits: [{ unit: 'concurrency', max: 1 }] },
    };
    await platform.admin.post('/manifests/apply?managedBy=ci', document);
    await create('quotas', `${name}-other`, { limits: [{ unit: 'concurrency', max: 2 }] });
    const conflicting = await until('quotas', `${name}-other`, 'Conflict');
    expect(conditionOf(conflicting, 'Ready')?.message).toContain("is 'ci' where it is stored");
    await remove('quotas', `${name}-other`);
    await untilGone('quotas', `${name}-other`);
    expect(await adminStatus(`/quotas/${name}-other`)).toBe(200);
  });

  it('brings a lost key back', async () => {
    const former = await keyIn(`${name}-key`);
    await kubernetes.call('DELETE', `${secrets}/${name}-key`);
    await waitUntil('the Secret to be back', () => keyIn(`${name}-key`).catch(() => false as const), PATIENCE);
    const key = await keyIn(`${name}-key`);
    expect(key).not.toBe(former);
    expect([await chat(key), await chat(former)]).toEqual([200, 200]);
  });

  it('moves a key to a Secret of another name, and takes no Secret of others', async () => {
    const key = await keyIn(`${name}-key`);
    await writeSecret(`${name}-taken`, 'something else');
    await change('virtualkeys', name, { secretName: `${name}-taken` });
    await until('virtualkeys', name, 'SecretNotOwned');
    await change('virtualkeys', name, { secretName: `${name}-moved` });
    await until('virtualkeys', name, 'Synced');
    expect(await keyIn(`${name}-moved`)).toBe(key);
    const isGone = async (): Promise<boolean> => (await keyIn(`${name}-key`).catch(() => '')) === '';
    await waitUntil('the former Secret to go', isGone, PATIENCE);
    await kubernetes.call('GET', `${secrets}/${name}-taken`);
  });

  onSimulation('does not lose a key that cannot be written', async () => {
    const simulation = kubernetes.simulation!;
    const status = new ApiStatus(403, 'Forbidden', 'secrets is forbidden');
    const fault = { method: 'POST', path: /\/secrets$/, status };
    simulation.faults.push(fault);
    await create('virtualkeys', `${name}-late`, { proxies: [name] });
    const unwritten = await until('virtualkeys', `${name}-late`, 'SecretNotWritten');
    expect(conditionOf(unwritten, 'Ready')?.message).toContain('secrets is forbidden');
    simulation.faults.splice(simulation.faults.indexOf(fault), 1);
    await until('virtualkeys', `${name}-late`, 'Synced');
    expect(await chat(await keyIn(`${name}-late-key`))).toBe(200);
    // The key that was made first is the one that was written: it was never rotated.
    expect(
      (await platform.admin.get<{ status: { previousExpiresAt: unknown } }>(`/virtual-keys/${name}-late`)).status
        .previousExpiresAt,
    ).toBeNull();
  });

  it('goes on where it was killed', async () => {
    await operator.process.kill();
    await change('llmproxies', name, proxySpec(name, { model: 'meanwhile' }));
    await remove('llmproxies', `${name}-wrong`).catch(() => undefined);
    await operator.process.start();
    await until('llmproxies', name, 'Synced');
    expect(await chat(await keyIn(`${name}-moved`), 'meanwhile')).toBe(200);
    await change('llmproxies', name, proxySpec(name));
    await until('llmproxies', name, 'Synced');
  });

  onSimulation('goes on after the API server was away and has forgotten the past', async () => {
    const simulation = kubernetes.simulation!;
    const port = await simulation.stop();
    await simulation.listen(port);
    simulation.compact();
    await change('quotas', name, { displayName: 'After the restart' });
    await until('quotas', name, 'Synced');
    expect(simulation.requests.some(({ path, method }) => method === 'GET' && path === of('quotas'))).toBe(true);
  });

  it('tells that the control plane is away, and goes on when it is back', async () => {
    line.cut();
    await change('quotas', name, { displayName: 'While it was away' });
    const away = await until('quotas', name, 'ControlPlaneUnavailable');
    expect(conditionOf(away, 'Synced')).toMatchObject({ status: 'False' });
    line.restore();
    await until('quotas', name, 'Synced');
  });

  it('lets one of two replicas work, and the other take over', async () => {
    await waitUntil('the first to lead', async () => (await leads(operator)) === 1, PATIENCE);
    const second = await start();
    try {
      expect([await leads(operator), await leads(second)]).toEqual([1, 0]);
      await operator.process.stop();
      await waitUntil('the second to lead', async () => (await leads(second)) === 1, PATIENCE);
      await change('quotas', name, { displayName: 'By the second' });
      await until('quotas', name, 'Synced');
      await operator.process.start();
      expect(await leads(operator)).toBe(0);
    } finally {
      await second.dispose();
    }
    await waitUntil('the first to lead again', async () => (await leads(operator)) === 1, PATIENCE);
  });

  it('deletes what is in use only after what uses it', async () => {
    await remove('llmproviders', name);
    const held = await until('llmproviders', name, 'InUse');
    expect(conditionOf(held, 'Ready')?.message).toBe(`it cannot be deleted: it is still used by LlmProxy ${name}`);
    await remove('quotas', name);
    await until('quotas', name, 'InUse');
    await remove('virtualkeys', name);
    await remove('virtualkeys', `${name}-late`).catch(() => undefined);
    await untilGone('virtualkeys', name);
    await remove('llmproxies', name);
    for (const plural of ['llmproxies', 'llmproviders', 'quotas'] as const) await untilGone(plural, name);
    for (const path of ['virtual-keys', 'llm-proxies', 'llm-providers', 'quotas']) {
      expect(await adminStatus(`/${path}/${name}`)).toBe(404);
    }
    const { simulation } = kubernetes;
    if (!simulation) return;
    const isGone = async (): Promise<boolean> => (await keyIn(`${name}-moved`).catch(() => '')) === '';
    await waitUntil('the Secret to go with its owner', isGone, PATIENCE);
  });
});

const leads = (one: OperatorUnderTest) => one.metric('penstock_operator_leader');

async function newestRevision(): Promise<number> {
  const { items } = await platform.admin.get<{ items: { revision: number }[] }>('/config/revisions?limit=1');
  return items[0]?.revision ?? 0;
}
