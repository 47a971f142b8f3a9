import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const messages = [{ role: 'user', content: 'hi' }];
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
const keys: Record<string, string> = {};

const one = (route: string, more = {}) =>
  snapshotLimits({ unit: 'requests', window: 'day', max: 1, onExceeded: { route }, ...more });
const model = (id: string, limits = one('cheap')) => ({ id, upstreamModel: `up/${id}`, profile: {}, limits });

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const models = [
    'm',
    'cheap',
    model('a', one('b')),
    model('b', one('c')),
    model('c', one('d')),
    model('d', one('e')),
    model('e', one('cheap')),
    model('ring-1', one('ring-2')),
    model('ring-2', one('ring-1')),
  ];
  const lab = config.provider('lab', upstream.url, { models });
  config.proxy('root', '/', [lab]);
  const routed = config.key('routed', { models: ['m'], limits: one('cheap') });
  keys['routed'] = routed;
  const both = [...one('cheap'), ...snapshotLimits({ unit: 'requests', window: 'week', max: 1 })];
  keys['both'] = config.key('both', { limits: both });
  keys['nowhere'] = config.key('nowhere', { limits: one('no-such-model') });
  keys['money'] = config.key('money', {
    limits: snapshotLimits({ unit: 'cost', window: 'month', max: 200, onExceeded: { route: 'cheap' } }),
  });
  for (const name of ['chain', 'ring']) keys[name] = config.key(name);
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

const ask = async (name: string, body: object = {}, headers: Record<string, string> = {}) => {
  const sent = { model: 'm', messages, max_tokens: 10, ...body };
  const response = await gateway.post('/v1/chat/completions', keys[name] ?? '', sent, { headers });
  await response.text();
  const warnings = response.headers.get('x-penstock-warnings');
  return { status: response.status, model: response.headers.get('x-penstock-model'), warnings };
};

describe('a limit that routes when it is exceeded', () => {
  it('sends the request to the other model, which the key itself may not name', async () => {
    expect(await ask('routed')).toEqual({ status: 200, model: 'm', warnings: null });
    const routed = { status: 200, model: 'cheap', warnings: 'quota-exceeded-routed' };
    expect(await ask('routed', {}, { 'x-request-id': 'routed-1', 'x-provider': 'lab' })).toEqual(routed);
    expect(upstream.last.json.model).toBe('up/cheap');
    expect(await ask('routed', { stream: true })).toEqual(routed);
    expect((await ask('routed', { model: 'cheap' })).status).toBe(404);
    const event = await usageOf(redis.url, 'routed-1');
    // What was not charged to the limit: reports and reconciliation add it up for everyone else.
    const sparedLimits = [expect.stringMatching(/^key:[-0-9a-f]{36}\/.+\/requests\/day$/)];
    expect(event).toMatchObject({ requestedModel: 'm', modelId: 'cheap', sparedLimits });
    expect((await gateway.metric('penstock_limit_rejections_total{unit="requests"}')) ?? 0).toBe(0);
  });

  it('goes before a shorter answer', async () => {
    expect((await ask('money', { max_tokens: 20 })).model).toBe('m');
    expect(await ask('money', { max_tokens: 20 })).toMatchObject({ model: 'cheap', warnings: 'quota-exceeded-routed' });
    expect(upstream.last.json.max_tokens).toBe(20);
  });

  it('refuses where another limit does', async () => {
    expect([(await ask('both')).status, (await ask('both')).status]).toEqual([200, 429]);
  });

  it('refuses where the proxy does not have the model, and says so once in the log', async () => {
    const statuses = [await ask('nowhere'), await ask('nowhere'), await ask('nowhere')].map(({ status }) => status);
    expect(statuses).toEqual([200, 429, 429]);
    expect(gateway.output.split('a limit routes to a model that cannot serve').length - 1).toBe(1);
  });

  it('leads from model to model, three times at most', async () => {
    const asked = [];
    for (let round = 0; round < 5; round += 1) asked.push(await ask('chain', { model: 'a' }));
    expect(asked.map(({ status, model: served }) => served ?? status)).toEqual(['a', 'b', 'c', 'd', 429]);
  });

  it('does not go round in circles', async () => {
    const asked = [];
    for (let round = 0; round < 3; round += 1) asked.push(await ask('ring', { model: 'ring-1' }));
    expect(asked.map(({ status, model: served }) => served ?? status)).toEqual(['ring-1', 'ring-2', 429]);
  });
});
