import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExplainResult } from '@penstock/contracts';
import { openPlatform } from '../support/platform.ts';
import { createScenario, models, type Scenario, uniqueName, untilAllCurrent } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;
const keys = new Map<string, string>();
/** Names of keys by what is wrong with them. */
const wrong = {
  proxy: uniqueName('proxy'),
  model: uniqueName('model'),
  address: uniqueName('address'),
  team: uniqueName('team'),
  poor: uniqueName('poor'),
  revoked: uniqueName('revoked'),
};

beforeAll(async () => {
  const { admin, ready } = platform;
  scenario = await createScenario({ admin, gateway: ready.gateway, upstream });
  await admin.createQuota(wrong.poor, [{ unit: 'tokens', window: 'day', max: 5, estimate: 'hard' }]);
  await admin.createProxy(wrong.proxy, {
    displayName: wrong.proxy,
    context: `/${wrong.proxy}`,
    provider: { id: scenario.providerName },
  });
  await admin.post('/teams', { metadata: { name: wrong.team }, spec: { displayName: 'Asleep', suspended: true } });
  const specs = [
    [wrong.proxy, { proxies: [wrong.proxy] }],
    [wrong.model, { models: ['another'] }],
    [wrong.address, { ipAllowList: ['192.0.2.0/24'] }],
    [wrong.team, { team: wrong.team }],
    [wrong.poor, { quotas: [wrong.poor] }],
    [wrong.revoked, {}],
  ] as const;
  for (const [name, spec] of specs) keys.set(name, await admin.createKey(name, spec));
  keys.set(scenario.keyName, scenario.key);
  await admin.revokeKey(wrong.revoked);
  await untilAllCurrent(admin);
});
afterAll(() => upstream.stop());

interface Question {
  readonly key: string;
  readonly path?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}
const chat = (model: string) => ({ model, max_tokens: 16, messages: [{ role: 'user', content: 'Hello' }] });

async function explained({ key, path = '/v1/chat/completions', body = chat(models.chat) }: Question) {
  const result = await platform.admin.post<ExplainResult>('/config/explain', {
    path: `/${scenario.proxyName}${path}`,
    body,
    virtualKey: key,
    address: '127.0.0.1',
  });
  const { admitted, error } = result.verdict;
  return { result, told: { status: admitted ? 200 : error?.status, code: error?.code, message: error?.message } };
}

/** What a gateway really does with it. */
async function done({ key, path = '/v1/chat/completions', body = chat(models.chat) }: Question) {
  const response = await fetch(`${platform.ready.gateway}/${scenario.proxyName}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.get(key)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, code: answer.error?.code, message: answer.error?.message };
}

describe('what explain says', () => {
  it.each<[string, () => Question]>([
    ['a request that is served', () => ({ key: scenario.keyName })],
    ['a path with nothing at it', () => ({ key: scenario.keyName, path: '/v1/nothing' })],
    ['a model that there is not', () => ({ key: scenario.keyName, body: chat('unheard-of') })],
    ['a body without what it needs', () => ({ key: scenario.keyName, body: { model: models.chat } })],
    ['a key that was revoked', () => ({ key: wrong.revoked })],
    ['a key of another proxy', () => ({ key: wrong.proxy })],
    ['a key of another model', () => ({ key: wrong.model })],
    ['a key of another address', () => ({ key: wrong.address })],
    ['a key of a suspended team', () => ({ key: wrong.team })],
    ['a key whose limit is too small', () => ({ key: wrong.poor })],
  ])('is what the gateway does with %s', async (_name, question) => {
    const { told } = await explained(question());
    expect(told).toEqual(await done(question()));
  });

  it('asks no upstream and takes nothing from limits', async () => {
    const before = upstream.simulation?.truth().requests;
    const { result } = await explained({ key: scenario.keyName });
    expect(result.targets).toMatchObject([{ provider: scenario.providerName, upstreamModel: upstream.chatModel }]);
    expect(upstream.simulation?.truth().requests).toBe(before);
  });
});
