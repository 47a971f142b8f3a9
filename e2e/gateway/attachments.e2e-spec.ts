import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ownLimits } from './support/own-limits.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';

const messages = [{ role: 'user', content: 'hi' }];
const three = snapshotLimits({ unit: 'requests', window: 'day', max: 3 });
const many = snapshotLimits({ unit: 'requests', window: 'day', max: 100 });
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
const keys: Record<string, string> = {};

/** An organization of its own whose day ends elsewhere, with a proxy and a key at it. */
function addOrganization(config: TestConfig, name: string, timeZone: string, limits = three): void {
  const organizationId = randomUUID();
  config.organization(name, { id: organizationId, timeZone, limits });
  const { id: teamId } = config.team(name, { organizationId });
  const provider = config.provider(`${name}-lab`, upstream.url, { organizationId });
  config.proxy(name, `/${name}`, [provider], { organizationId });
  config.proxy(`${name}-open`, `/${name}-open`, [provider], { organizationId, authentication: 'none' });
  keys[name] = config.key(name, { organizationId, teamId });
}

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  addOrganization(config, 'early', 'Pacific/Kiritimati');
  addOrganization(config, 'late', 'Pacific/Pago_Pago');
  const limitedModel = { id: 'limited', upstreamModel: 'up/limited', profile: {}, limits: three };
  const lab = config.provider('lab', upstream.url, { models: ['m', limitedModel] });
  const scarce = config.provider('scarce', upstream.url, { limits: three });
  config.proxy('root', '/', [lab]);
  config.proxy('narrow', '/narrow', [lab], { limits: three });
  config.proxy('scarce', '/scarce', [scarce]);
  const [few, ample] = [
    config.provider('few', upstream.url, { limits: three }),
    config.provider('ample', upstream.url),
  ];
  const targets = [few, ample].map(({ id }, priority) => ({ providerId: id, model: 'm', weight: 1, priority }));
  config.proxy('spread', '/spread', [few, ample], { models: [{ name: 'either', targets }] });
  config.proxy('same', '/same', [few], { models: [{ name: 'either', targets: targets.slice(0, 1) }] });
  const shared = config.team('shared', { limits: three }).id;
  const each = config.team('each', { keyLimits: three }).id;
  keys['free'] = config.key('free');
  keys['counted'] = config.key('counted', { limits: many });
  keys['key'] = config.key('key', { limits: three });
  for (const name of ['shared-1', 'shared-2']) keys[name] = config.key(name, { teamId: shared });
  for (const name of ['each-1', 'each-2']) keys[name] = config.key(name, { teamId: each });
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

const ask = async (name: string, context = '', model = 'm') => {
  const response = await gateway.post(`${context}/v1/chat/completions`, keys[name] ?? '', { model, messages });
  const answer = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, ...answer.error };
};
const times = <T>(count: number, act: () => Promise<T>) => Promise.all(Array.from({ length: count }, act));
const admittedOf = async (count: number, act: () => Promise<{ status: number }>) =>
  (await times(count, act)).filter(({ status }) => status === 200).length;

describe('a limit of three requests', () => {
  it.each([
    ['a key', 'key', '', 'm', 'key'],
    ['a proxy', 'free', '/narrow', 'm', 'proxy'],
    ['a provider', 'free', '/scarce', 'm', 'provider'],
    ["a provider's model", 'free', '', 'limited', 'model'],
    ['an organization', 'early', '/early', 'm', 'organization'],
  ])('of %s admits three at once', async (...[, key, context, model, kind]) => {
    expect(await admittedOf(8, () => ask(key, context, model))).toBe(3);
    const refused = await ask(key, context, model);
    expect(refused).toMatchObject({ status: 429, code: 'insufficient_quota' });
    expect(refused.message).toMatch(
      new RegExp(
        String.raw`^The limit of 3 requests per day of quota 'small' \(${kind}\) is used up\. It resets at 20`,
      ),
    );
  });

  it('is told to callers of Messages as a matter of billing', async () => {
    await admittedOf(3, () => ask('key'));
    const response = await gateway.post('/v1/messages', keys['key'] ?? '', { model: 'm', messages, max_tokens: 5 });
    const answer = (await response.json()) as { error: { type: string } };
    expect([response.status, answer.error.type]).toEqual([402, 'billing_error']);
  });

  it('of a team is shared by its keys', async () => {
    const admitted = await Promise.all(['shared-1', 'shared-2'].map((name) => admittedOf(4, () => ask(name))));
    expect(admitted.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect((await ask('shared-2')).message).toContain('(team)');
  });

  it('of each key of a team is for each of them', async () => {
    expect(await Promise.all(['each-1', 'each-2'].map((name) => admittedOf(5, () => ask(name))))).toEqual([3, 3]);
    expect((await ask('each-1')).message).toContain('(key)');
  });

  it("of an organization holds at its open proxies, too, where it is everybody's", async () => {
    expect(await admittedOf(2, () => ask('late', '/late'))).toBe(2);
    expect(await admittedOf(4, () => ask('nobody', '/late-open'))).toBe(1);
    expect((await ask('late', '/late')).status).toBe(429);
  });

  it('counts for no model of the provider but the one it is attached to', async () => {
    expect(await admittedOf(4, () => ask('free', '', 'm'))).toBe(4);
  });
});

describe('several limits', () => {
  it('are taken together or not at all', async () => {
    await ask('free', '/narrow');
    const before = await ownLimits(gateway, keys['counted'] ?? '');
    expect(before.map(({ subject, used }) => [subject, used])).toContainEqual(['key', 0]);
    expect(await admittedOf(5, () => ask('counted', '/narrow'))).toBe(0);
    const usedOf = async () =>
      (await ownLimits(gateway, keys['counted'] ?? '', '/narrow')).map(({ subject, used }) => [subject, used]);
    expect(await usedOf()).toEqual(
      expect.arrayContaining([
        ['key', 0],
        ['proxy', 3],
      ]),
    );
    expect(await admittedOf(1, () => ask('counted'))).toBe(1);
    await waitUntil('the request to be counted', async () => (await usedOf()).some(([, used]) => used === 1));
  });
});

describe('days', () => {
  it.each([
    ['early', 'Pacific/Kiritimati'],
    ['late', 'Pacific/Pago_Pago'],
  ])('of %s begin in the time zone of its organization', async (name, timeZone) => {
    const [limit] = await ownLimits(gateway, keys[name] ?? '', `/${name}`);
    const midnight = Temporal.Now.zonedDateTimeISO(timeZone).toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone);
    expect(limit).toMatchObject({ subject: 'organization', name, alignment: 'calendar', window: 'day' });
    expect(limit?.resets_at).toBe(new Date(midnight.epochMilliseconds).toISOString());
  });
});

describe('a target whose own limit is used up', () => {
  it('is passed over for one that has room, and refuses only where there is none', async () => {
    const providers = [];
    for (let index = 0; index < 5; index += 1) {
      const { status, headers } = await gateway.post('/spread/v1/chat/completions', keys['free'] ?? '', {
        model: 'either',
        messages,
      });
      providers.push([status, headers.get('x-penstock-provider')]);
    }
    expect(providers).toEqual([...Array(3).fill([200, 'few']), ...Array(2).fill([200, 'ample'])]);
    expect(await ask('free', '/same', 'either')).toMatchObject({ status: 429, code: 'insufficient_quota' });
  });
});
