import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExplainResult } from '@penstock/contracts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

const CHAT = '/shop/v1/chat/completions';
let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await app.call('POST', path, { body });
    expect(answer.status === 201 ? null : answer.body).toBeNull();
  };
  const limit = { unit: 'cost', window: 'day', max: 1_000_000 };
  await post('/quotas', documents.quota('budget', { limits: [limit] }));
  await post('/quotas', documents.quota('tiny', { limits: [{ unit: 'tokens', window: 'day', max: 5 }] }));
  await post('/teams', documents.team('crew', { quotas: ['budget'] }));
  await post('/teams', documents.team('asleep', { suspended: true }));
  const models = [{ id: 'small' }, { id: 'large', upstreamModel: 'large-2' }];
  await post('/llm-providers', documents.provider('lab', { models }));
  await post('/llm-providers', documents.provider('claude', { template: 'anthropic', models: [{ id: 'opus' }] }));
  await post('/llm-providers', documents.provider('spare', { models: [{ id: 'small' }] }));
  await post('/model-prices', documents.price('small', 'lab', { model: 'small' }));
  await post('/llm-proxies', documents.proxy('root', 'lab', { context: '/' }));
  const targets = [
    { provider: 'lab', model: 'small', weight: 3 },
    { provider: 'claude', model: 'opus', weight: 1 },
    { provider: 'spare', model: 'small', priority: 1 },
    { provider: 'lab', model: 'missing', priority: 1 },
  ];
  await post(
    '/llm-proxies',
    documents.proxy('shop', 'lab', {
      additionalProviders: [{ id: 'claude' }, { id: 'spare' }],
      models: [{ name: 'smart', targets }],
      globalPolicies: [
        {
          name: 'set-headers',
          executionCondition: "request.Headers['x-tier'][0] == 'gold'",
          params: { requestHeaders: [{ name: 'x-a', value: 'b' }] },
        },
      ],
    }),
  );
  await app.call('PATCH', '/llm-providers/spare', { body: { spec: { deploymentState: 'undeployed' } } });
  await post(
    '/virtual-keys',
    documents.virtualKey('app', { team: 'crew', proxies: ['shop'], models: ['smart', 'large'] }),
  );
  await post('/virtual-keys', documents.virtualKey('poor', { quotas: ['tiny'] }));
  await post('/virtual-keys', documents.virtualKey('sleepy', { team: 'asleep', ipAllowList: ['10.0.0.0/8'] }));
  await post('/virtual-keys', documents.virtualKey('gone'));
  await app.call('POST', '/virtual-keys/gone/revoke');
});
afterAll(() => app.stop());

async function explain(request: object): Promise<ExplainResult> {
  const { status, body } = await app.call('POST', '/config/explain', { body: { path: CHAT, ...request } });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as ExplainResult;
}

describe('the explanation of a request', () => {
  it('says which proxy has the path: the one with the longest context', async () => {
    const { proxy, operation } = await explain({ model: 'smart' });
    expect(proxy).toMatchObject({ name: 'shop', context: '/shop', alsoMatching: [{ name: 'root', context: '/' }] });
    expect(operation).toEqual({ operation: 'chat', dialect: 'openai-chat', path: '/v1/chat/completions' });
    expect((await explain({ path: '/v1/messages', model: 'small' })).proxy).toMatchObject({ name: 'root' });
  });

  it('says what is wrong with a path or a method', async () => {
    expect((await explain({ path: '/shop/v1/nothing' })).verdict).toMatchObject({
      admitted: false,
      error: { code: 'not_found', status: 404 },
    });
    expect((await explain({ method: 'GET' })).verdict.error).toEqual({
      code: 'method_not_allowed',
      status: 405,
      message: 'This path allows POST only.',
    });
  });

  it('tells targets with their share, dialect and price, and those that are left out', async () => {
    const { model, targets } = await explain({ model: 'smart', virtualKey: 'app' });
    expect(model).toMatchObject({ asked: 'smart', rule: 'virtual-model' });
    expect(targets).toMatchObject([
      {
        provider: 'lab',
        model: 'small',
        share: 0.75,
        dialect: 'openai-chat',
        translated: false,
        price: { source: 'ModelPrice' },
      },
      { provider: 'claude', model: 'opus', share: 0.25, dialect: 'anthropic', translated: true },
      { provider: 'spare', share: null, leftOut: "its provider 'spare' is undeployed" },
      { provider: 'lab', model: 'missing', leftOut: "its provider 'lab' does not list the model 'missing'" },
    ]);
    expect((await explain({ model: 'large' })).targets).toMatchObject([{ upstreamModel: 'large-2', share: 1 }]);
    const named = await explain({ model: 'small', headers: { 'X-Provider': 'claude' } });
    expect(named).toMatchObject({ model: { rule: 'none' }, verdict: { error: { code: 'model_not_found' } } });
  });

  it('tells which policies run, and why', async () => {
    const run = async (headers: object) => (await explain({ model: 'smart', headers })).policies;
    expect(await run({ 'X-Tier': 'gold' })).toMatchObject([{ name: 'set-headers', where: 'global', runs: 'yes' }]);
    expect(await run({ 'x-tier': 'tin' })).toMatchObject([{ runs: 'no', why: expect.stringContaining('is false') }]);
    expect(await run({})).toMatchObject([{ runs: 'no', why: expect.stringContaining('fails') }]);
  });

  it('tells why a key cannot be used', async () => {
    const of = async (request: object) => {
      const { authentication, verdict } = await explain({ model: 'smart', ...request });
      return { code: verdict.error?.code, usable: authentication?.usable, reasons: authentication?.reasons };
    };
    expect(await of({ virtualKey: 'app' })).toEqual({ code: undefined, usable: true, reasons: [] });
    expect(await of({ virtualKey: 'gone' })).toMatchObject({
      code: 'invalid_api_key',
      usable: false,
      reasons: [expect.stringContaining('revoked')],
    });
    expect(await of({ virtualKey: 'app', path: '/v1/chat/completions' })).toMatchObject({ code: 'proxy_not_allowed' });
    const asleep = await of({ virtualKey: 'sleepy', address: '192.0.2.1' });
    expect(asleep).toMatchObject({
      code: 'team_suspended',
      reasons: [expect.any(String), expect.stringContaining('10.0.0.0/8')],
    });
    expect(await of({ virtualKey: 'app', model: 'small' })).toMatchObject({ code: 'model_not_found', usable: true });
    expect(await of({})).toEqual({ code: undefined, usable: null, reasons: [] });
    expect((await app.call('POST', '/config/explain', { body: { path: CHAT, virtualKey: 'nobody' } })).status).toBe(
      404,
    );
  });

  it('tells the limits with what the request takes of them, and what is used', async () => {
    const { limits, hold, verdict } = await explain({
      virtualKey: 'app',
      body: { model: 'smart', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] },
    });
    expect(limits).toMatchObject([
      {
        subject: 'Team crew',
        quota: 'budget',
        unit: 'cost',
        estimate: 'hard',
        fits: true,
        live: { used: 0, remaining: 1_000_000 },
      },
    ]);
    expect(hold?.most).toMatchObject({ outputTokens: 100, costMicroUsd: limits[0]?.charge });
    expect(hold?.probable.costMicroUsd).toBeGreaterThan(0);
    expect(verdict).toMatchObject({ admitted: true, error: null });
  });

  it('refuses what a hard limit can never hold, and what cannot be read', async () => {
    await app.call('PUT', '/quotas/tiny', {
      body: documents.quota('tiny', { limits: [{ unit: 'tokens', window: 'day', max: 5, estimate: 'hard' }] }),
    });
    const { verdict, limits } = await explain({ model: 'smart', virtualKey: 'poor' });
    expect(limits).toMatchObject([{ subject: 'VirtualKey poor', fits: false }]);
    expect(verdict.error).toMatchObject({
      code: 'insufficient_quota',
      message: expect.stringContaining("the limit of quota 'tiny' (key) is 5"),
    });
    expect((await explain({ body: { model: 'smart' } })).verdict.error?.code).toBe('missing_required_parameter');
  });

  it('is not for whoever is not known, and changes nothing', async () => {
    expect((await app.call('POST', '/config/explain', { body: { path: CHAT }, token: null })).status).toBe(401);
    const newest = async () => (await app.call('GET', '/config/revisions?limit=1')).body.items[0].revision;
    const before = await newest();
    await explain({ model: 'smart', virtualKey: 'app' });
    expect(await newest()).toBe(before);
  });
});
