import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ownLimits, whenUsed } from './support/own-limits.ts';
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
const MORE_NAMES = ['missing-stream', 'embeddings', 'count', 'tagged', 'claude-cut', 'part', 'long', 'part-stream'];
const UNSEEN_NAMES = ['left-whole', 'left-quiet', 'cut-head', 'late-first'];
const SOFT_NAMES = ['soft-left', 'soft-short', 'soft-late'];

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  config = new TestConfig();
  const timeouts = { connectMs: 2000, firstByteMs: 300, idleMs: 10_000, totalMs: 60_000 };
  const own = snapshotLimits(
    { unit: 'requests', window: 'day', max: 100 },
    { unit: 'tokens', window: 'day', max: 100_000, estimate: 'hard' },
  );
  const full = snapshotLimits({ unit: 'requests', window: 'day', max: 1 });
  const limited = { broken: own, sound: own, hung: own, full };
  const models = Object.entries(limited).map(([id, limits]) => ({
    id,
    upstreamModel: `up/${id}`,
    profile: {},
    limits,
  }));
  const price = { version: 'p', inputPerMillion: 1_000_000, outputPerMillion: 2_000_000, effectiveFrom: null };
  const prices = { m: [price], hung: [price], sound: [price] };
  const lab = config.provider('lab', upstream.url, { timeouts, models: ['m', ...models], prices });
  const to = (...targets: readonly string[]) =>
    targets.map((model, priority) => ({ providerId: lab.id, model, weight: 1, priority }));
  const claude = config.provider('claude', upstream.url.replace('/v1', ''), {
    template: 'anthropic',
    dialect: 'anthropic',
    models: ['c'],
    prices: { c: [price] },
  });
  config.proxy('root', '/', [lab, claude], {
    models: [
      { name: 'either', targets: to('broken', 'sound') },
      { name: 'hanging', targets: to('hung', 'sound') },
      { name: 'narrow', targets: to('broken', 'full') },
    ],
  });
  const limits = snapshotLimits(...UNITS.map((unit) => ({ unit, window: 'month' as const, max: 1_000_000 })));
  keys['fallback'] = config.key('fallback');
  for (const name of [...NAMES, ...MORE_NAMES, ...UNSEEN_NAMES]) keys[name] = config.key(name, { limits });
  const soft = snapshotLimits(
    ...UNITS.map((unit) => ({
      unit,
      window: 'month' as const,
      max: 1_000_000,
      ...(unit !== 'requests' && { estimate: 'soft' as const }),
    })),
  );
  for (const name of SOFT_NAMES) keys[name] = config.key(name, { limits: soft });
  // Room for one attempt at most, and not for two.
  keys['tight'] = config.key('tight', { limits: snapshotLimits({ unit: 'cost', window: 'month', max: 400 }) });
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

/** The books of a request whose upstream says nothing until the caller leaves. */
async function booksOfLeaving(name: string, more: object) {
  upstream.script = () => undefined;
  const leaving = new AbortController();
  const before = upstream.received.length;
  const options = { headers: { 'x-request-id': name }, signal: leaving.signal };
  const answer = gateway.post('/v1/chat/completions', keys[name] ?? '', { ...body, ...more }, options);
  await waitUntil('the request to be sent', () => upstream.received.length > before);
  setTimeout(() => leaving.abort(), 120);
  await expect(answer).rejects.toThrow();
  await waitUntil('the upstream to be told', () => upstream.last.abortedAt !== null);
  return booksOf(name);
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
    expect(books).toMatchObject({ outcome: 'failed', usageSource: 'estimated', outputTokens: 50 });
    expect(books.inputTokens).toBeGreaterThan(0);
  });

  it('whose answer was cut after its head', async () => {
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":"c","choices":[');
      setTimeout(() => response.destroy(), 50);
    };
    expect(await ask('cut-head')).toBe(502);
    const books = await booksOf('cut-head');
    expect(books).toMatchObject({ outcome: 'failed', usageSource: 'estimated', outputTokens: 50 });
  });

  it.each([
    ['left-whole', {}],
    ['left-quiet', { stream: true }],
  ])('whose caller left before anything came: under a hard limit all that was allowed (%s)', async (name, more) => {
    const books = await booksOfLeaving(name, more);
    expect(books).toMatchObject({ outcome: 'client-closed', usageSource: 'estimated', outputTokens: 50 });
    expect(books.costMicroUsd).toBe(books.inputTokens + 100);
  });

  it.each([
    ['soft-left', 1000, 5, 100],
    ['soft-short', 3, 3, 3],
  ])('whose caller left under soft limits: by the time, as far as it asked (%s)', async (name, asked, least, most) => {
    const books = await booksOfLeaving(name, { max_tokens: asked });
    expect(books).toMatchObject({ outcome: 'client-closed', usageSource: 'estimated' });
    expect(books.outputTokens).toBeGreaterThanOrEqual(least);
    expect(books.outputTokens).toBeLessThanOrEqual(most);
  });

  it('whose upstream took too long under soft limits: by the time', async () => {
    upstream.script = () => undefined;
    expect(await ask('soft-late', { max_tokens: 1000 })).toBe(504);
    const books = await booksOf('soft-late');
    // 300 ms and what the timer adds.
    expect(books.outputTokens).toBeGreaterThanOrEqual(15);
    expect(books.outputTokens).toBeLessThan(200);
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

/** Tokens that a model's own ledger counts. */
async function usedOf(model: string): Promise<number> {
  const limits = await ownLimits(gateway, keys['fallback'] ?? '');
  return (
    limits.find(({ subject, name, unit }) => subject === 'model' && name === model && unit === 'tokens')?.used ?? 0
  );
}

describe('a request that falls back', () => {
  it('counts at every model that was asked, and what was used at the one that answered', async () => {
    upstream.script = (request, response) => {
      if (request.json.model === 'up/broken') json(response, { error: { message: 'down' } }, 503);
      else answerWell(request, response);
    };
    expect(await ask('fallback', { model: 'either' })).toBe(200);
    const allUsed = async () =>
      (await ownLimits(gateway, keys['fallback'] ?? ''))
        .filter(({ subject, name }) => subject === 'model' && ['broken', 'sound'].includes(name))
        .map(({ name, unit, used }) => `${name} ${unit} ${used}`);
    const expected = ['broken requests 1', 'broken tokens 0', 'sound requests 1', 'sound tokens 18'];
    await waitUntil('the settlement', async () => (await allUsed()).includes('sound tokens 18'));
    expect(await allUsed()).toEqual(expected);
  });

  it('counts what the first one may have generated unseen', async () => {
    upstream.script = (request, response) => {
      if (request.json.model === 'up/sound') answerWell(request, response);
    };
    const usedBefore = await usedOf('hung');
    expect(await ask('late-first', { model: 'hanging' })).toBe(200);
    const books = await booksOf('late-first');
    expect(books).toMatchObject({ outcome: 'completed', usageSource: 'estimated', outputTokens: 57 });
    const unseen = books.inputTokens - 11 + 50;
    await waitUntil('what the first one counts', async () => (await usedOf('hung')) === usedBefore + unseen);
    expect(books.costMicroUsd).toBe(unseen + 50 + 25);
  });

  it('is not sent to another model when a budget does not hold what both may generate', async () => {
    upstream.script = () => undefined;
    const before = upstream.received.length;
    expect(await ask('tight', { model: 'hanging' })).toBe(504);
    expect(upstream.received.length - before).toBe(1);
    const { usage, costMicroUsd } = await usageOf(redis.url, 'tight');
    expect(costMicroUsd).toBe(usage.inputTokens + 100);
    await whenUsed(gateway, keys['tight'] ?? '', 'cost', costMicroUsd ?? 0);
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
    ['part', {}, whole({ prompt_tokens: 9, total_tokens: 9 })],
    [
      'part-stream',
      { stream: true },
      streamOf(
        chunk('a'),
        chunk('b', 'stop'),
        `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9 } })}\n\n`,
      ),
    ],
  ])('that is %s is estimated', async (name, more, script) => {
    upstream.script = script;
    expect(await ask(name, more)).toBe(200);
    const books = await booksOf(name);
    expect(books).toMatchObject({ outcome: 'completed', usageSource: 'estimated' });
    expect([books.inputTokens > 0, books.outputTokens > 0]).toEqual([true, true]);
  });

  it('is estimated by what was said, and not by the document around it', async () => {
    upstream.script = whole();
    await ask('long');
    expect((await booksOf('long')).outputTokens).toBe(2);
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
