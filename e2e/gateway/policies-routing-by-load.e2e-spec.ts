import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, json, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

const messages = [{ role: 'user', content: 'hi' }];
const ROUTING = ['least-busy', 'lowest-latency', 'model-round-robin'];
let redis: PrivateRedis;
let upstreams: Record<'first' | 'second', ScriptedUpstream>;
let config: TestConfig;
let gateway: GatewayProcess;
let key: string;

const policy = (name: string, params: SnapshotPolicy['params']): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths: null,
});

beforeAll(async () => {
  const [own, first, second] = await Promise.all([
    startPrivateRedis(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
  ]);
  redis = own;
  upstreams = { first, second };
  config = new TestConfig();
  const models = ['m', 'n'];
  const providers = [
    config.provider('first', first.url, { models }),
    config.provider('second', second.url, { models }),
  ];
  const virtual = (model: string, priorities: readonly [number, number]) => ({
    name: 'any',
    targets: providers.map(({ id }, index) => ({
      providerId: id,
      model,
      weight: 1,
      priority: priorities[index] ?? 0,
    })),
  });
  const proxy = (name: string, model: string, priorities: readonly [number, number], ...policies: SnapshotPolicy[]) =>
    config.proxy(name, `/${name}`, providers, { policies, models: [virtual(model, priorities)] });
  proxy('busy', 'm', [0, 0], policy('least-busy', { suspendDuration: 60 }));
  proxy('tiers', 'm', [1, 0], policy('least-busy', {}));
  const among = providers.map(({ name }) => ({ model: 'n', provider: name }));
  proxy('fast', 'n', [0, 0], policy('lowest-latency', { models: among, exploration: 0 }));
  const strict = ['one', 'other'].map((name) =>
    config.provider(name, first.url.replace(/\/v1$/, ''), { template: 'anthropic', dialect: 'anthropic' }),
  );
  const both = { models: strict.map(({ name }) => ({ model: 'm', provider: name })) };
  for (const name of ROUTING)
    config.proxy(`strict-${name}`, `/strict-${name}`, strict, {
      policies: [policy(name, both)],
      unsupportedParameters: 'strict',
    });
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

beforeEach(() => {
  for (const upstream of Object.values(upstreams)) {
    upstream.script = answerWell;
    upstream.received.length = 0;
  }
});

afterAll(async () => {
  await gateway?.dispose();
  for (const upstream of Object.values(upstreams)) upstream.stop();
  await redis?.dispose();
});

async function ask(proxy: string, body: object = {}): Promise<string | null> {
  const response = await gateway.post(`/${proxy}/chat/completions`, key, { model: 'any', messages, ...body });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get('x-penstock-provider');
}

async function askTimes(proxy: string, times: number, body: object = {}): Promise<(string | null)[]> {
  const providers: (string | null)[] = [];
  for (let time = 0; time < times; time += 1) providers.push(await ask(proxy, body));
  return providers;
}

/** Lets an upstream hold its answers until the test opens the gate. */
function holdAnswers(upstream: ScriptedUpstream): () => void {
  const gate = Promise.withResolvers<void>();
  upstream.script = async (request, response) => {
    await gate.promise;
    answerWell(request, response);
  };
  return gate.resolve;
}

describe('least-busy', () => {
  it('sends requests where the fewest are in flight, and takes turns between equals', async () => {
    const release = [holdAnswers(upstreams.first), holdAnswers(upstreams.second)];
    const counts = () => [upstreams.first.received.length, upstreams.second.received.length];
    const pending: Promise<string | null>[] = [];
    let answered = 0;
    for (let request = 1; request <= 8; request += 1) {
      pending.push(ask('busy').finally(() => (answered += 1)));
      await waitUntil('the request to arrive', () => counts().reduce((sum, count) => sum + count) === request);
    }
    expect(counts()).toEqual([4, 4]);
    // One answers all that it has; then the next requests are its own.
    release[0]?.();
    await waitUntil('four to be answered', () => answered === 4);
    expect(await askTimes('busy', 3)).toEqual(['first', 'first', 'first']);
    release[1]?.();
    await Promise.all(pending);
  });

  it('counts the requests of all proxies, also those without the policy', async () => {
    const release = holdAnswers(upstreams.first);
    const held = gateway.post('/tiers/chat/completions', key, { model: 'first/m', messages });
    await waitUntil('the request to arrive', () => upstreams.first.received.length === 1);
    expect(await askTimes('busy', 3)).toEqual(['second', 'second', 'second']);
    release();
    await (await held).text();
  });

  it('leaves a later priority alone', async () => {
    expect(await askTimes('tiers', 4)).toEqual(['second', 'second', 'second', 'second']);
  });

  it('leaves out what failed', async () => {
    upstreams.first.script = (_request, response) => {
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"broken"}}');
    };
    for (let tries = 0; tries < 30 && upstreams.first.received.length === 0; tries += 1) await ask('busy');
    expect(upstreams.first.received.length).toBe(1);
    upstreams.first.script = answerWell;
    expect(new Set(await askTimes('busy', 6))).toEqual(new Set(['second']));
  });
});

describe('lowest-latency', () => {
  const slowly = (upstream: ScriptedUpstream, ms: number): void => {
    upstream.script = async (request, response) => {
      await sleep(ms);
      answerWell(request, response);
    };
  };

  it.each([
    ['whole answers', {}],
    ['streams', { stream: true }],
  ])('tries each target once and then keeps to the faster one: %s', async (_name, body) => {
    slowly(upstreams.first, 150);
    expect(new Set(await askTimes('fast', 2, body))).toEqual(new Set(['first', 'second']));
    expect(await askTimes('fast', 5, body)).toEqual(Array(5).fill('second'));
  });

  it('keeps what it knows when the config changes, and follows a target that becomes slow', async () => {
    const revision = await config.publish(redis.url);
    await waitUntil('the config to arrive', () => gateway.output.includes(`"revision":${revision}`));
    expect(await askTimes('fast', 2)).toEqual(['second', 'second']);
    slowly(upstreams.second, 700);
    expect(await askTimes('fast', 4)).toContain('first');
  });
});

describe('policies that leave out targets which failed', () => {
  it.each(ROUTING)('%s: a request that no target can be asked takes none of them from other callers', async (name) => {
    upstreams.first.script = (_request, response) => {
      const content = [{ type: 'text', text: 'hi' }];
      const usage = { input_tokens: 1, output_tokens: 1 };
      json(response, {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content,
        stop_reason: 'end_turn',
        usage,
      });
    };
    const statusOf = async (more: object) =>
      (await gateway.post(`/strict-${name}/chat/completions`, key, { model: 'm', messages, ...more })).status;
    expect(await statusOf({ n: 2 })).toBe(400);
    expect(await statusOf({})).toBe(200);
  });
});
