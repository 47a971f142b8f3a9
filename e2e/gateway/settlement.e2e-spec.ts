import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ownLimits } from './support/own-limits.ts';
import { answerWell, chunk, json, type ReceivedRequest, ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], max_tokens: 50 };
const UNITS = ['requests', 'tokens', 'input-tokens', 'output-tokens', 'cost'] as const;
type Script = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let config: TestConfig;
const keys: Record<string, string> = {};

const NAMES = ['whole', 'stream', 'refused', 'failed', 'cut', 'left', 'late', 'zero', 'zero-stream', 'missing'];
const MORE_NAMES = ['missing-stream', 'embeddings', 'count', 'tagged', 'claude-cut'];

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  config = new TestConfig();
  const timeouts = { connectMs: 2000, firstByteMs: 300, idleMs: 10_000, totalMs: 60_000 };
  const own = snapshotLimits(
    { unit: 'requests', window: 'day', max: 100 },
    { unit: 'tokens', window: 'day', max: 100_000, estimate: 'hard' },
  );
  const full = snapshotLimits({ unit: 'requests', window: 'day', max: 1 });
  const limited = { broken: own, sound: own, full };
  const models = Object.entries(limited).map(([id, limits]) => ({
    id,
    upstreamModel: `up/${id}`,
    profile: {},
    limits,
  }));
  const lab = config.provider('lab', upstream.url, { timeouts, models: ['m', ...models] });
  const to = (...targets: readonly string[]) =>
    targets.map((model, priority) => ({ providerId: lab.id, model, weight: 1, priority }));
  const claude = config.provider('claude', upstream.url.replace('/v1', ''), {
    template: 'anthropic',
    dialect: 'anthropic',
    models: ['c'],
    prices: { c: [{ version: 'p', inputPerMillion: 1_000_000, outputPerMillion: 2_000_000, effectiveFrom: null }] },
  });
  config.proxy('root', '/', [lab, claude], {
    models: [
      { name: 'either', targets: to('broken', 'sound') },
      { name: 'narrow', targets: to('broken', 'full') },
    ],
  });
  const limits = snapshotLimits(...UNITS.map((unit) => ({ unit, window: 'month' as const, max: 1_000_000 })));
  keys['fallback'] = config.key('fallback');
  for (const name of [...NAMES, ...MORE_NAMES]) keys[name] = config.key(name, { limits });
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

afterEach(() => {
  upstream.script = answerWell;
});

async function ask(name: string, more: object = {}, options: { path?: string; headers?: Record<string, string> } = {}) {
  const headers = { 'x-request-id': name, ...options.headers };
  const path = options.path ?? '/v1/chat/completions';
  const response = await gateway.post(path, keys[name] ?? '', { ...body, ...more }, { headers });
  await response.text().catch(() => undefined);
  return response.status;
}

/** What the ledgers say once the usage event is there, which must say the same. */
async function booksOf(name: string) {
  const event = await usageOf(redis.url, name);
  const { inputTokens, outputTokens } = event.usage;
  const expected = [1, inputTokens + outputTokens, inputTokens, outputTokens, event.costMicroUsd];
  let used: readonly number[] = [];
  await waitUntil(`the ledgers of ${name}`, async () => {
    const limits = await ownLimits(gateway, keys[name] ?? '');
    used = limits.filter(({ subject }) => subject === 'key').map((limit) => limit.used);
    return used.every((amount, index) => amount === expected[index]);
  }).catch(() => undefined);
  expect(used).toEqual(expected);
  const { outcome, usageSource, costMicroUsd } = event;
  return { outcome, usageSource, inputTokens, outputTokens, costMicroUsd };
}

const streamOf =
  (...parts: readonly string[]): Script =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(part);
    response.end('data: [DONE]\n\n');
  };
const whole = (usage?: object): Script => {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }];
  return (_request, response) =>
    json(response, { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, ...(usage && { usage }) });
};
const ZERO = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

describe('the books of a request', () => {
  it.each([
    ['whole', {}],
    ['stream', { stream: true }],
  ])('that completed (%s)', async (name, more) => {
    expect(await ask(name, more)).toBe(200);
    expect(await booksOf(name)).toEqual({
      outcome: 'completed',
      usageSource: 'reported',
      inputTokens: 11,
      outputTokens: 7,
      costMicroUsd: 25,
    });
  });

  it('that its upstream refused', async () => {
    upstream.script = (_request, response) => json(response, { error: { message: 'no' } }, 400);
    expect(await ask('refused')).toBe(400);
    expect(await booksOf('refused')).toMatchObject({ outcome: 'failed', usageSource: 'none', costMicroUsd: 0 });
  });

  it('whose upstream broke before it answered', async () => {
    upstream.script = (_request, response) => void response.destroy();
    expect(await ask('failed')).toBe(502);
    const books = await booksOf('failed');
    expect(books.outcome).toBe('failed');
    expect(books.outputTokens).toBe(0);
  });

  it('whose stream was cut: what was seen of it', async () => {
    upstream.script = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const text of ['a', 'b', 'c']) response.write(chunk(text));
      setTimeout(() => response.destroy(), 100);
    };
    expect(await ask('cut', { stream: true })).toBe(200);
    expect(await booksOf('cut')).toMatchObject({ outcome: 'failed', usageSource: 'estimated', outputTokens: 3 });
  });

  it('whose stream of Messages was cut after its first report', async () => {
    const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
    const usage = { input_tokens: 40, output_tokens: 1 };
    const message = { id: 'm', type: 'message', role: 'assistant', model: 'c', content: [], stop_reason: null, usage };
    const delta = (text: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event('message_start', { message }));
      response.write(event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }));
      for (const text of ['a', 'b', 'c', 'd']) response.write(delta(text));
      setTimeout(() => response.destroy(), 100);
    };
    expect(await ask('claude-cut', { model: 'c', stream: true }, { path: '/v1/messages' })).toBe(200);
    const books = await booksOf('claude-cut');
    expect(books).toMatchObject({ usageSource: 'estimated', inputTokens: 40, outputTokens: 4, costMicroUsd: 48 });
  });

  it('whose caller left: what was seen until then', async () => {
    const leaving = new AbortController();
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const text of ['a', 'b']) response.write(chunk(text));
    };
    const response = await gateway.post(
      '/v1/chat/completions',
      keys['left'] ?? '',
      { ...body, stream: true },
      {
        headers: { 'x-request-id': 'left' },
        signal: leaving.signal,
      },
    );
    await response.body?.getReader().read();
    leaving.abort();
    const books = await booksOf('left');
    expect(books).toMatchObject({ outcome: 'client-closed', usageSource: 'estimated' });
    expect(books.outputTokens).toBeGreaterThan(0);
    await waitUntil('the upstream to be told', () => upstream.last.abortedAt !== null);
  });

  it('whose upstream took too long: it may have worked all the time', async () => {
    upstream.script = () => undefined;
    expect(await ask('late')).toBe(504);
    const books = await booksOf('late');
    expect(books).toMatchObject({ outcome: 'failed', usageSource: 'estimated', outputTokens: 0 });
    expect(books.inputTokens).toBeGreaterThan(0);
  });

  it('of embeddings, which have no output', async () => {
    expect(await ask('embeddings', { input: 'x' }, { path: '/v1/embeddings' })).toBe(200);
    expect(await booksOf('embeddings')).toMatchObject({ inputTokens: 3, outputTokens: 0, costMicroUsd: 3 });
  });

  it('that only counts tokens, which uses none', async () => {
    upstream.script = (_request, response) => json(response, { input_tokens: 77 });
    expect(await ask('count', { model: 'c' }, { path: '/v1/messages/count_tokens' })).toBe(200);
    expect(await booksOf('count')).toMatchObject({ inputTokens: 0, outputTokens: 0, costMicroUsd: 0 });
  });
});

describe('a request that falls back', () => {
  it('counts at every model that was asked, and what was used at the one that answered', async () => {
    upstream.script = (request, response) => {
      if (request.json.model === 'up/broken') json(response, { error: { message: 'down' } }, 503);
      else answerWell(request, response);
    };
    expect(await ask('fallback', { model: 'either' })).toBe(200);
    const usedOf = async () =>
      (await ownLimits(gateway, keys['fallback'] ?? ''))
        .filter(({ subject, name }) => subject === 'model' && name !== 'full')
        .map(({ name, unit, used }) => `${name} ${unit} ${used}`);
    const expected = ['broken requests 1', 'broken tokens 0', 'sound requests 1', 'sound tokens 18'];
    await waitUntil('the settlement', async () => (await usedOf()).includes('sound tokens 18'));
    expect(await usedOf()).toEqual(expected);
  });

  it('is not sent where a limit of the other model denies', async () => {
    upstream.script = (request, response) => {
      if (request.json.model === 'up/broken') json(response, { error: { message: 'down' } }, 503);
      else answerWell(request, response);
    };
    const before = upstream.received.filter(({ json: sent }) => sent.model === 'up/full').length;
    const statuses = [await ask('fallback', { model: 'narrow' }), await ask('fallback', { model: 'narrow' })];
    expect(statuses).toEqual([200, 503]);
    expect(upstream.received.filter(({ json: sent }) => sent.model === 'up/full').length - before).toBe(1);
  });
});

describe('usage', () => {
  it.each([
    ['zero', {}, whole(ZERO)],
    [
      'zero-stream',
      { stream: true },
      streamOf(chunk('a'), chunk('b', 'stop'), `data: ${JSON.stringify({ choices: [], usage: ZERO })}\n\n`),
    ],
  ])('of %s is zero', async (name, more, script) => {
    upstream.script = script;
    expect(await ask(name, more)).toBe(200);
    expect(await booksOf(name)).toMatchObject({ usageSource: 'reported', inputTokens: 0, outputTokens: 0 });
  });

  it.each([
    ['missing', {}, whole()],
    ['missing-stream', { stream: true }, streamOf(chunk('a'), chunk('b', 'stop'))],
  ])('that is %s is estimated', async (name, more, script) => {
    upstream.script = script;
    expect(await ask(name, more)).toBe(200);
    const books = await booksOf(name);
    expect(books).toMatchObject({ outcome: 'completed', usageSource: 'estimated' });
    expect([books.inputTokens > 0, books.outputTokens > 0]).toEqual([true, true]);
  });

  it('is told of the user whom the caller names, in the header or in the body', async () => {
    const tagOf = async (requestId: string) => (await usageOf(redis.url, requestId)).userTag;
    const header = { 'x-penstock-user': '  alice\u00e9 ' };
    await ask('tagged', { user: 'bob' }, { headers: { ...header, 'x-request-id': 'tag-1' } });
    expect(upstream.last.headers['x-penstock-user']).toBeUndefined();
    await ask('tagged', { user: 'bob\u0007' }, { headers: { 'x-request-id': 'tag-2' } });
    await ask('tagged', {}, { headers: { 'x-request-id': 'tag-3' } });
    expect(await Promise.all(['tag-1', 'tag-2', 'tag-3'].map(tagOf))).toEqual(['alice\u00e9', 'bob', null]);
  });
});
