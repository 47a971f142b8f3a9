import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Limit, limitId, type LimitStatus } from '@penstock/contracts';
import { limiterRedisOptions, MemoryRateLimiter, RedisRateLimiter } from '@penstock/rate-limiting';
import { Redis } from 'ioredis';
import { DEFAULT_ORGANIZATION_ID as organizationId } from '../common/organization.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

/** A day of Kiritimati, 14 hours before UTC, begins at 10:00 UTC. */
const TIME_ZONE = 'Pacific/Kiritimati';
const limit: Limit = { unit: 'requests', window: 'day', max: 10, mode: 'enforce' };

const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { ...limiterRedisOptions, lazyConnect: true });
const clock = { now: () => Date.now() };
const limiter = new RedisRateLimiter({
  redis,
  clock,
  fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
  instances: () => 1,
  // A busy test machine must not turn to the fallback.
  deadlineMs: 5_000,
});
let app: TestApp;
let ids: ReadonlyMap<string, string>;

beforeAll(async () => {
  await Promise.all([redis.connect(), once(redis, 'ready')]);
  app = await startTestApp();
  const post = async (path: string, body: object): Promise<[string, string]> => {
    const answer = await app.call('POST', path, { body });
    expect({ path, status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
    return [answer.body.metadata.name, answer.body.status.id];
  };
  await post('/quotas', documents.quota('day', { limits: [limit] }));
  const others = [
    { unit: 'tokens', window: 'minute', max: 100, mode: 'shadow' },
    { unit: 'tokens', window: 'day', max: 100, alignment: 'rolling' },
  ];
  await post('/quotas', documents.quota('others', { limits: others }));
  const made = [
    await post('/teams', documents.team('crew', { quotas: ['day'], keyQuotas: ['day'] })),
    await post('/virtual-keys', documents.virtualKey('first', { team: 'crew', quotas: ['day'] })),
    await post('/virtual-keys', documents.virtualKey('second', { team: 'crew' })),
    await post('/virtual-keys', documents.virtualKey('third', { team: 'crew' })),
    await post(
      '/llm-providers',
      documents.provider('lab', { quotas: ['day'], models: [{ id: 'm', quotas: ['day'] }] }),
    ),
    await post('/llm-proxies', documents.proxy('shop', 'lab', { quotas: ['others'] })),
  ];
  ids = new Map(made);
  await app.call('PUT', '/organization', {
    body: documents.organization({ timeZone: TIME_ZONE, quotas: ['day'] }),
  });
});
afterAll(async () => {
  await app.stop();
  await limiter.close();
  redis.disconnect();
});

/** Takes so many requests from the counter, as a gateway would. */
async function consume(subject: string, amount: number): Promise<void> {
  const applicable = { organizationId, subject, id: limitId('day', limit), quota: 'day', limit, timeZone: TIME_ZONE };
  const decision = await limiter.reserve([{ applicable, amount }]);
  if (!decision.allowed) throw new Error('the limit was reached already');
  await limiter.settle(decision.reservation, () => amount);
}
const id = (name: string) => ids.get(name) ?? '';
const read = async (path: string) => {
  const { status, body } = await app.call('GET', path);
  expect({ path, status, body }).toMatchObject({ status: 200, body: { truncated: false } });
  return body.items as LimitStatus[];
};
const usedBy = async (path: string) => (await read(path)).map(({ subject, used }) => [subject, used]);

describe('live consumption', () => {
  it('is told of every subject that a quota is attached to, and of each key of a team', async () => {
    await consume(`organization:${organizationId}`, 1);
    await consume(`team:${id('crew')}`, 2);
    await consume(`team:${id('crew')}/key:${id('second')}`, 3);
    await consume(`key:${id('first')}`, 4);
    await consume(`provider:${id('lab')}`, 5);
    await consume(`provider:${id('lab')}/model:m`, 6);
    const { client } = app.nest.get(PrismaService);
    await client.virtualKey.updateMany({ where: { name: 'second' }, data: { lastUsedAt: new Date() } });

    expect(await usedBy('/quotas/day/status')).toEqual([
      ['Team crew', 2],
      ['Team crew, VirtualKey second', 3],
      ['Team crew, VirtualKey first', 0],
      ['Team crew, VirtualKey third', 0],
      ['VirtualKey first', 4],
      ['LlmProvider lab', 5],
      ['LlmProvider lab, model m', 6],
      ['Organization default', 1],
    ]);
  });

  it('of a key is its own first, then its share of the team, then what it shares with others', async () => {
    expect(await usedBy('/virtual-keys/second/limits')).toEqual([
      ['Team crew, VirtualKey second', 3],
      ['Team crew', 2],
      ['Organization default', 1],
    ]);
    expect((await usedBy('/virtual-keys/first/limits')).map(([subject]) => subject)).toEqual([
      'VirtualKey first',
      'Team crew, VirtualKey first',
      'Team crew',
      'Organization default',
    ]);
  });

  it('is told of the organization, teams, proxies, and providers with their models', async () => {
    expect(await usedBy('/organization/limits')).toEqual([['Organization default', 1]]);
    expect((await usedBy('/teams/crew/limits')).slice(0, 2)).toEqual([
      ['Team crew', 2],
      ['Team crew, VirtualKey second', 3],
    ]);
    expect(await usedBy('/llm-providers/lab/limits')).toEqual([
      ['LlmProvider lab', 5],
      ['LlmProvider lab, model m', 6],
    ]);
    expect(await read('/llm-proxies/shop/limits')).toMatchObject([
      { subject: 'LlmProxy shop', unit: 'tokens', mode: 'shadow', alignment: null, used: 0, remaining: 100 },
      { subject: 'LlmProxy shop', unit: 'tokens', mode: 'enforce', alignment: 'rolling', used: 0, remaining: 100 },
    ]);
    for (const path of ['/teams/x', '/llm-providers/x', '/llm-proxies/x', '/virtual-keys/x'])
      expect((await app.call('GET', `${path}/limits`)).status).toBe(404);
  });

  it("ends with the day of the organization's time zone", async () => {
    const [status] = await read('/organization/limits');
    expect(status).toMatchObject({ alignment: 'calendar', remaining: 9 });
    const ends = Temporal.Instant.from(status?.resetsAt ?? '').toZonedDateTimeISO(TIME_ZONE);
    // To the millisecond, although the clocks of Redis and of this process are read one after the other.
    expect(ends.epochMilliseconds).toBe(ends.startOfDay().epochMilliseconds);
    expect(ends.epochMilliseconds).toBeLessThan(Date.now() + 86_400_000 + 5_000);
  });

  it('leaves out revoked keys, and says when it leaves out more', async () => {
    await app.call('POST', '/virtual-keys/third/revoke');
    expect(await usedBy('/quotas/day/status')).not.toContainEqual(['Team crew, VirtualKey third', 0]);
    const { client } = app.nest.get(PrismaService);
    const rows = Array.from({ length: 600 }, (_, index) => ({
      organizationId,
      name: `many-${index}`,
      labels: {},
      annotations: {},
      spec: {},
      teamId: id('crew'),
    }));
    await client.virtualKey.createMany({ data: rows });
    const { body } = await app.call('GET', '/teams/crew/limits');
    expect(body.truncated).toBe(true);
    expect(body.items).toHaveLength(501);
    expect(body.items[1]).toMatchObject({ subject: 'Team crew, VirtualKey second', used: 3 });
    await client.virtualKey.deleteMany({ where: { name: { startsWith: 'many-' } } });
  });
});
