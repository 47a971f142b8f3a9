import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { whenUsed } from './support/own-limits.ts';
import { answerWell, ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], max_tokens: 10 };
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
const keys: Record<string, string> = {};

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const lab = config.provider('lab', upstream.url);
  config.proxy('root', '/', [lab]);
  config.proxy('narrow', '/narrow', [lab], { limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1 }) });
  keys['free'] = config.key('free');
  keys['rate'] = config.key('rate', {
    limits: snapshotLimits({ unit: 'requests', window: 'minute', max: 60, burst: 3 }),
  });
  keys['tokens'] = config.key('tokens', {
    limits: snapshotLimits({ unit: 'tokens', window: 'minute', max: 6000, burst: 60 }),
  });
  keys['daily'] = config.key('daily', { limits: snapshotLimits({ unit: 'requests', window: 'day', max: 2 }) });
  keys['cost'] = config.key('cost', { limits: snapshotLimits({ unit: 'cost', window: 'month', max: 200 }) });
  keys['soft'] = config.key('soft', { limits: snapshotLimits({ unit: 'tokens', window: 'day', max: 20_000 }) });
  keys['one'] = config.key('one', { limits: snapshotLimits({ unit: 'concurrency', max: 1 }) });
  keys['shadow'] = config.key('shadow', {
    limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1, mode: 'shadow' }),
  });
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

const ask = (name: string, path = '/v1/chat/completions', more = {}) =>
  gateway.post(path, keys[name] ?? '', { ...body, ...more });
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

describe('limits', () => {
  it('count down in the headers and refuse with a time to come back', async () => {
    const answers = [await ask('rate'), await ask('rate'), await ask('rate')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining-requests'))).toEqual(['2', '1', '0']);
    const refused = await ask('rate');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-ratelimit-limit-requests')).toBe('60');
    expect(refused.headers.get('x-ratelimit-reset-requests')).toMatch(/s$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get('x-should-retry')).toBeNull();
    expect(await codeOf(refused)).toBe('rate_limit_exceeded');
    expect(await gateway.metric('penstock_limit_rejections_total{unit="requests"}')).toBeGreaterThanOrEqual(1);
  });

  it('settle what was really used', async () => {
    const first = await ask('tokens');
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('6000');
    await first.text();
    // About 30 tokens were held and 18 used; what was given back can be used again.
    const second = await waitUntil('a second request', async () => {
      const response = await ask('tokens');
      return response.status === 200 ? response : undefined;
    });
    expect(Number(second.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(60);
  });

  it('of a day refuse without a wish to be asked again', async () => {
    expect([(await ask('daily')).status, (await ask('daily')).status]).toEqual([200, 200]);
    const refused = await ask('daily');
    expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([429, 'false']);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(await codeOf(refused)).toBe('insufficient_quota');
  });

  it('of money are never overspent', async () => {
    const statuses: number[] = [];
    let text = '';
    for (let index = 0; index < 4; index += 1) {
      const response = await ask('cost');
      statuses.push(response.status);
      text = await response.text();
    }
    // 25 micro-USD each; some 160 have to be free for a request to begin, which is the most that it could use.
    expect(statuses.slice(-1)).toEqual([429]);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(2);
    expect(text).toMatch(/has \d+ micro-USD left, and this request may use up to \d+\. It resets/);
  });

  it('that are soft are used to their end by requests that ask for more than is left', async () => {
    for (let index = 0; index < 3; index += 1) {
      const response = await waitUntil('what was held to be given back', async () => {
        const answer = await ask('soft', '/v1/chat/completions', { max_tokens: 32_000 });
        return answer.status === 200 ? answer : undefined;
      });
      await response.text();
    }
    await whenUsed(gateway, keys['soft'] ?? '', 'tokens', 54);
  });

  it('of concurrency are free again when a request ends', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    upstream.script = async (request, response) => {
      await promise;
      answerWell(request, response);
    };
    const before = upstream.received.length;
    const running = ask('one');
    await waitUntil('the first to run', () => upstream.received.length > before);
    const refused = await waitUntil('a refusal', async () => {
      const response = await ask('one');
      return response.status === 429 ? response : undefined;
    });
    expect(await codeOf(refused)).toBe('rate_limit_exceeded');
    resolve();
    upstream.script = answerWell;
    expect((await running).status).toBe(200);
    await waitUntil('it to be free again', async () => (await ask('one')).status === 200);
  });

  it('in shadow mode refuse nobody', async () => {
    expect([(await ask('shadow')).status, (await ask('shadow')).status]).toEqual([200, 200]);
  });

  it('of a proxy hold for all of its keys', async () => {
    expect((await ask('free', '/narrow/v1/chat/completions')).status).toBe(200);
    expect((await ask('shadow', '/narrow/v1/chat/completions')).status).toBe(429);
    expect((await ask('free')).status).toBe(200);
  });

  it('are not spent by requests that are refused before', async () => {
    for (let index = 0; index < 5; index += 1) {
      expect(
        (await gateway.post('/narrow/v1/chat/completions', keys['free'] ?? '', { ...body, model: 'nope' })).status,
      ).toBe(404);
    }
  });
});
