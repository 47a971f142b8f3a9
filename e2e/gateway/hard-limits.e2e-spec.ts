import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { MeteredAnswers } from './support/metered-upstream.ts';
import { ownLimits, whenUsed } from './support/own-limits.ts';
import { json, ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';

const messages = [{ role: 'user', content: 'Tell me about limits. '.repeat(20) }];
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let metered: MeteredAnswers;
const keys: Record<string, string> = {};

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const small = { id: 'small', upstreamModel: 'up/small', profile: { maxOutputTokens: 300 }, limits: [] };
  const modern = {
    id: 'modern',
    upstreamModel: 'up/modern',
    profile: { maxOutputTokens: 200, maxTokensField: 'max_completion_tokens' as const },
    limits: [],
  };
  const price = { version: 'p1', inputPerMillion: 1_000_000, outputPerMillion: 2_000_000, effectiveFrom: null };
  const prices = { m: [price], small: [price], modern: [price] };
  const lab = config.provider('lab', upstream.url, { models: ['m', small, modern, 'priceless'], prices });
  const claude = config.provider('claude', upstream.url.replace('/v1', ''), {
    template: 'anthropic',
    dialect: 'anthropic',
    models: [{ id: 'c', upstreamModel: 'up/c', profile: { maxOutputTokens: 5000, thinking: 'budget' }, limits: [] }],
    prices: { c: [price] },
  });
  const responses = config.provider('responses', upstream.url, {
    template: 'openai',
    models: [{ id: 'r', upstreamModel: 'r', profile: { maxOutputTokens: 640 }, limits: [] }],
  });
  const gemini = config.provider('gemini', upstream.url.replace('/v1', ''), {
    template: 'gemini',
    dialect: 'gemini',
    models: [{ id: 'g', upstreamModel: 'g', profile: { maxOutputTokens: 320 }, limits: [] }],
  });
  const routed = [{ providerId: lab.id, model: 'priceless', weight: 1, priority: 0 }];
  const fallback = [...routed, { providerId: lab.id, model: 'small', weight: 1, priority: 1 }];
  config.proxy('root', '/', [lab, claude, responses, gemini], { models: [{ name: 'either', targets: fallback }] });
  const money = (max: number, more = {}) => ({
    limits: snapshotLimits({ unit: 'cost', window: 'month', max, ...more }),
  });
  keys['budget'] = config.key('budget', money(30_000));
  keys['end'] = config.key('end', money(3000));
  keys['rich'] = config.key('rich', money(9_000_000_000));
  keys['overrun'] = config.key('overrun', money(9_000_000_000));
  keys['leaving'] = config.key('leaving', money(3000));
  keys['strict'] = config.key('strict', money(9_000_000_000, { onUnknownPrice: 'deny' }));
  keys['small'] = config.key('small', money(100));
  keys['tokens'] = config.key('tokens', {
    limits: snapshotLimits({ unit: 'tokens', window: 'day', max: 20_000, estimate: 'hard' }),
  });
  keys['estimated'] = config.key('estimated', {
    limits: snapshotLimits({ unit: 'output-tokens', window: 'day', max: 30, estimate: 'hard' }),
  });
  keys['shadow'] = config.key('shadow', money(1, { mode: 'shadow' }));
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url, PENSTOCK_DEFAULT_MAX_OUTPUT_TOKENS: '1500' });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

beforeEach(() => {
  metered = new MeteredAnswers();
  upstream.script = metered.script;
});

const ask = async (name: string, body: object, path = '/v1/chat/completions') => {
  const response = await gateway.post(path, keys[name] ?? '', { model: 'm', messages, ...body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
};
const codeOf = (text: string) => (JSON.parse(text) as { error: { code: string } }).error.code;

describe('a hard budget', () => {
  it('is never exceeded by streams that run at once, and is spent nearly to its end', async () => {
    metered = new MeteredAnswers((bound) => Math.ceil(bound * Math.random()));
    upstream.script = metered.script;
    for (let round = 0; round < 60 && metered.costMicroUsd < 28_500; round += 1) {
      const answers = await Promise.all(Array.from({ length: 32 }, () => ask('budget', { stream: true })));
      const statuses = new Set(answers.map(({ status }) => status));
      // A machine that is too busy to ask Redis within 50 ms is answered 503.
      for (const status of statuses) expect([200, 429, 503]).toContain(status);
      expect(metered.costMicroUsd).toBeLessThanOrEqual(30_000);
      if (statuses.has(503)) await delay(500);
    }
    expect(metered.costMicroUsd).toBeGreaterThan(28_000);
    const { used } = await whenUsed(gateway, keys['budget'] ?? '', 'cost', metered.costMicroUsd);
    expect(used).toBe(metered.costMicroUsd);
  });

  it('shortens the last answer to what is left, then refuses', async () => {
    const first = await ask('end', { max_tokens: 800 });
    expect([first.status, first.headers.get('x-penstock-warnings')]).toEqual([200, null]);
    await whenUsed(gateway, keys['end'] ?? '', 'cost', metered.costMicroUsd);
    const second = await ask('end', { max_tokens: 800 });
    expect([second.status, second.headers.get('x-penstock-warnings')]).toEqual([200, 'clamped:max_tokens']);
    expect(upstream.last.json.max_tokens).toBeLessThan(800);
    expect(upstream.last.json.max_tokens).toBeGreaterThanOrEqual(16);
    await whenUsed(gateway, keys['end'] ?? '', 'cost', metered.costMicroUsd);
    const third = await ask('end', { max_tokens: 800 });
    expect([third.status, codeOf(third.text)]).toEqual([429, 'insufficient_quota']);
    expect(metered.costMicroUsd).toBeLessThanOrEqual(3000);
  });

  it('is not got round by callers who leave before the answer', async () => {
    let spent = 0;
    upstream.script = (request) => {
      spent += Math.ceil(Buffer.byteLength(request.text) / 3) + 2 * (request.json.max_tokens as number);
    };
    const leave = async () => {
      const signal = AbortSignal.timeout(150);
      const sent = { model: 'm', messages, max_tokens: 500 };
      const answer = await gateway
        .post('/v1/chat/completions', keys['leaving'] ?? '', sent, { signal })
        .catch(() => null);
      return answer && codeOf(await answer.text());
    };
    const codes: (string | null)[] = [];
    for (let round = 0; round < 8; round += 1) codes.push(await leave());
    expect(codes).toContain('insufficient_quota');
    expect(spent).toBeGreaterThan(1000);
    expect(spent).toBeLessThanOrEqual(3000);
  });

  it('says what can never fit', async () => {
    const refused = await ask('small', { max_tokens: 10 });
    expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([429, 'false']);
    expect(refused.text).toMatch(
      /This request may use up to \d+ micro-USD; the limit of quota 'small' \(key\) is 100\./,
    );
  });

  it('of tokens is not exceeded either', async () => {
    for (let round = 0; round < 6; round += 1) await Promise.all(Array.from({ length: 8 }, () => ask('tokens', {})));
    expect(metered.tokens).toBeLessThanOrEqual(20_000);
    expect(metered.tokens).toBeGreaterThan(18_000);
    await whenUsed(gateway, keys['tokens'] ?? '', 'tokens', metered.tokens);
  });

  it('settles truthfully what an upstream generates beyond its bound', async () => {
    metered = new MeteredAnswers((bound) => bound * 3);
    upstream.script = metered.script;
    await ask('overrun', { max_tokens: 10 });
    expect(metered.lines[0]?.output).toBe(30);
    await whenUsed(gateway, keys['overrun'] ?? '', 'cost', metered.costMicroUsd);
  });
});

describe('the bound of the output', () => {
  it.each([
    ['none, at a model without one', 'm', {}, { max_tokens: 1500 }, 'injected:max_tokens'],
    ['none, at a model with one', 'small', {}, { max_tokens: 300 }, 'injected:max_tokens'],
    ['null', 'small', { max_tokens: null }, { max_tokens: 300 }, 'injected:max_tokens'],
    ["more than the model's", 'small', { max_tokens: 5000 }, { max_tokens: 300 }, 'clamped:max_tokens'],
    ["less than the model's", 'small', { max_tokens: 20 }, { max_tokens: 20 }, null],
    [
      'none, at a model that wants the newer field',
      'modern',
      {},
      { max_completion_tokens: 200 },
      'injected:max_completion_tokens',
    ],
    [
      'too much in the newer field',
      'modern',
      { max_completion_tokens: 999 },
      { max_completion_tokens: 200 },
      'clamped:max_completion_tokens',
    ],
  ])('that a caller gives as %s', async (...[, model, given, sent, warning]) => {
    const { status, headers } = await ask('rich', { model, ...given });
    expect([status, headers.get('x-penstock-warnings')]).toEqual([200, warning]);
    expect(upstream.last.json).toEqual({ model: `up/${model}`, messages, ...given, ...sent });
  });

  it('is written into translated requests, with what the model shall think', async () => {
    upstream.script = (_request, response) => {
      const usage = { input_tokens: 5, output_tokens: 5 };
      const content = [{ type: 'text', text: 'x' }];
      const answer = {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'c',
        content,
        stop_reason: 'end_turn',
        usage,
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    };
    const plain = await ask('rich', { model: 'c', max_tokens: 6000 });
    expect([plain.status, upstream.last.json.max_tokens]).toEqual([200, 5000]);
    expect(plain.headers.get('x-penstock-warnings')).toContain('clamped:max_tokens');
    await ask('rich', { model: 'c', max_tokens: 2000, reasoning_effort: 'medium' });
    expect(upstream.last.json).toMatchObject({ max_tokens: 3500, thinking: { budget_tokens: 1500 } });
  });

  it.each([
    [
      '/v1/messages',
      { model: 'c', max_tokens: 9000, stop_sequences: ['x'] },
      { max_tokens: 5000, stop_sequences: ['x'] },
    ],
    ['/v1/responses', { model: 'r', input: 'hi', messages: undefined }, { input: 'hi', max_output_tokens: 640 }],
    ['/v1/completions', { prompt: ['a', 'b'], messages: undefined }, { prompt: ['a', 'b'], max_tokens: 1500 }],
    [
      '/v1beta/models/g:generateContent',
      { contents: [], generationConfig: { topK: 3 }, messages: undefined, model: undefined },
      { contents: [], generationConfig: { topK: 3, maxOutputTokens: 320 } },
    ],
  ])('is written as its dialect has it at %s', async (path, given, sent) => {
    upstream.script = (_request, response) => json(response, { error: { message: 'no' } }, 400);
    await ask('rich', given, path);
    expect(upstream.last.json).toMatchObject(sent);
  });

  it('holds for estimates, too', async () => {
    upstream.script = (_request, response) => {
      const choices = [{ index: 0, message: { role: 'assistant', content: 'x'.repeat(5000) }, finish_reason: 'stop' }];
      json(response, { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices });
    };
    expect((await ask('estimated', { max_tokens: 20 })).status).toBe(200);
    const [limit] = await ownLimits(gateway, keys['estimated'] ?? '');
    await whenUsed(gateway, keys['estimated'] ?? '', 'output-tokens', 20);
    expect(limit?.max).toBe(30);
  });

  it('is left to the caller under limits that do not refuse', async () => {
    const { status, headers } = await ask('shadow', {});
    expect([status, headers.get('x-penstock-warnings')]).toEqual([200, null]);
    expect(upstream.last.json).toEqual({ model: 'up/m', messages });
    expect(await gateway.metric('penstock_limit_shadow_rejections_total{unit="cost"}')).toBe(1);
  });
});

describe('a model without a price', () => {
  it('is admitted and counted as unknown', async () => {
    const before = (await gateway.metric('penstock_unknown_price_requests_total{provider="lab"}')) ?? 0;
    expect((await ask('rich', { model: 'priceless' })).status).toBe(200);
    expect(await gateway.metric('penstock_unknown_price_requests_total{provider="lab"}')).toBe(before + 1);
  });

  it('is refused where a budget says so, and another candidate is asked', async () => {
    const refused = await ask('strict', { model: 'priceless' });
    expect([refused.status, codeOf(refused.text)]).toEqual([429, 'insufficient_quota']);
    expect(refused.text).toContain("The model 'priceless' of provider 'lab' has no price");
    const other = await ask('strict', { model: 'either' });
    expect([other.status, other.headers.get('x-penstock-model')]).toEqual([200, 'small']);
  });
});
