import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { ContentCaller, type Caller } from './support/content-caller.ts';
import { GatewayProcess } from './support/gateway-process.ts';
import { chunk, json, ScriptedUpstream, USAGE, usageChunk } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const both = { request: { showAssessment: true }, response: { showAssessment: true } };
const urls = (params: SnapshotPolicy['params']): SnapshotPolicy => ({
  name: 'url-guardrail',
  condition: null,
  params,
  paths: null,
});
const length: SnapshotPolicy = {
  name: 'content-length-guardrail',
  condition: null,
  params: { response: { min: 1, max: 100 } },
  paths: null,
};
const PROXIES: Readonly<Record<string, readonly SnapshotPolicy[]>> = {
  urls: [urls(both)],
  impatient: [urls({ request: { timeout: 50 } })],
  monitor: [urls({ ...both, mode: 'monitor' })],
  reachable: [urls({ request: { onlyDNS: false } })],
  chained: [length, urls(both), length],
};

let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let caller: ContentCaller;
let key: string;

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const lab = config.provider('lab', upstream.url);
  for (const [name, policies] of Object.entries(PROXIES)) {
    config.proxy(name, `/${name}`, [lab], { policies: [...policies] });
  }
  const narrow = config.provider('narrow', upstream.url, { maxConnections: 1 });
  config.proxy('narrow', '/narrow', [narrow], { policies: [urls(both)] });
  key = config.key('app');
  await config.publish(redis.url);
  const dns = new URL('support/fake-dns.ts', import.meta.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url, NODE_OPTIONS: `--import=${dns.href}` });
  caller = new ContentCaller(gateway, key);
});
afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});
beforeEach(() => {
  upstream.received.length = 0;
});

/** What the model says next; in these pieces, with a while between them, when it streams. */
function says(...pieces: readonly string[]): void {
  upstream.script = async ({ json: asked }, response) => {
    if (asked.stream !== true) {
      const message = { role: 'assistant', content: pieces.join('') };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      return json(response, { id: 'c', object: 'chat.completion', created: 1, model: 'up/m', choices, usage: USAGE });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) {
      response.write(chunk(piece));
      await setTimeout(2);
    }
    response.end(`${chunk('', 'stop')}${usageChunk()}data: [DONE]\n\n`);
  };
}

const refused = (direction: string, ...invalidUrls: readonly string[]) => ({
  status: 422,
  json: {
    type: 'URL_GUARDRAIL',
    message: {
      action: 'GUARDRAIL_INTERVENED',
      interveningGuardrail: 'url-guardrail',
      actionReason: 'Violation of url validity detected.',
      direction,
      assessments: { message: 'One or more URLs in the payload failed validation.', invalidUrls },
    },
  },
});

describe.each(['chat', 'anthropic'] as const)('C url-guardrail, for callers of %s', (dialect: Caller) => {
  const good = 'see https://good.example/x and http://127.0.0.1:9/.';

  it('C url-guardrail: refuses a request, and asks no upstream', async () => {
    says('yes');
    expect(await caller.ask(dialect, 'urls', good)).toMatchObject({ status: 200, text: 'yes' });
    const answer = await caller.ask(dialect, 'urls', `${good} http://10.0.0.1/ https://bad.example?q=1`);
    expect(answer).toMatchObject(refused('REQUEST', 'http://10.0.0.1/', 'https://bad.example?q=1'));
    expect(upstream.received).toHaveLength(1);
  });

  it('C url-guardrail: refuses a whole answer', async () => {
    says(good);
    expect(await caller.ask(dialect, 'urls', 'hi')).toMatchObject({ status: 200, text: good });
    says(`${good} https://nowhere.invalid`);
    expect(await caller.ask(dialect, 'urls', 'hi')).toMatchObject(refused('RESPONSE', 'https://nowhere.invalid'));
  });

  it('C url-guardrail: passes a stream on in its order, however long a check takes', async () => {
    const pieces = ['one ', 'https://slow.exam', 'ple/a', ' two ', 'three ', 'https://slow2.example', ' four'];
    for (const proxy of ['urls', 'chained']) {
      says(...pieces);
      const answer = await caller.ask(dialect, proxy, 'hi', { stream: true });
      expect(answer).toMatchObject({ status: 200, text: pieces.join(''), completed: true, failed: false });
    }
  });

  it('C url-guardrail: loses nothing of what the upstream sends meanwhile', async () => {
    const rest = Array.from({ length: 5_000 }, (_, index) => ` word-${index}`);
    upstream.script = (_asked, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(
        ['https://slow.example', ...rest, ' https://slow2.example'].map((piece) => chunk(piece)).join('') +
          `${chunk('', 'stop')}${usageChunk()}data: [DONE]\n\n`,
      );
    };
    const answer = await caller.ask(dialect, 'urls', 'hi', { stream: true });
    const text = `https://slow.example${rest.join('')} https://slow2.example`;
    expect(answer).toMatchObject({ status: 200, text, completed: true, failed: false });
  });

  it('C url-guardrail: holds no connection back once a stream is over', async () => {
    upstream.script = async (_asked, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('one '));
      await setTimeout(5);
      response.write(`${chunk('https://slow.example ')}${chunk('', 'stop')}${usageChunk()}data: [DONE]\n\n`);
      await setTimeout(5);
      response.end();
    };
    for (const _time of [1, 2, 3]) {
      const answer = await caller.ask(dialect, 'narrow', 'hi', { stream: true });
      expect(answer).toMatchObject({ status: 200, text: 'one https://slow.example ', completed: true });
    }
  });

  it('C url-guardrail: breaks a stream off when the upstream does so during a check', async () => {
    upstream.script = (_asked, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`${chunk('one ')}${chunk('https://slow.example ')}`);
      response.socket?.destroySoon();
    };
    const answer = await caller.ask(dialect, 'urls', 'hi', { stream: true });
    expect(answer).toMatchObject({ completed: false });
    expect('one https://slow.example '.startsWith(answer.text)).toBe(true);
  });

  it('C url-guardrail: ends a stream before a URL that leads nowhere, without success', async () => {
    says('one ', 'two ', 'https://slow.example ', 'https://ba', 'd.example', '/x and on', ' and on');
    const answer = await caller.ask(dialect, 'urls', 'hi', { stream: true });
    expect(answer).toMatchObject({ status: 200, completed: false, failed: true });
    expect('one two https://slow.example '.startsWith(answer.text)).toBe(true);
    expect(answer.text).toContain('one two ');
  });

  it('C url-guardrail: refuses a stream that begins with one by its status', async () => {
    says('https://bad.example', ' and on');
    const answer = await caller.ask(dialect, 'urls', 'hi', { stream: true });
    expect(answer).toMatchObject(refused('RESPONSE', 'https://bad.example'));
  });
});

describe('C url-guardrail', () => {
  it('C url-guardrail: takes what cannot be found out in time for wrong', async () => {
    says('yes');
    expect((await caller.ask('chat', 'impatient', 'https://good.example')).status).toBe(200);
    const startedAt = performance.now();
    expect((await caller.ask('chat', 'impatient', 'https://slow.example')).status).toBe(422);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('C url-guardrail: sends requests to no private address, whatever upstreams may have', async () => {
    says('yes');
    const answer = await caller.ask('chat', 'reachable', `${upstream.url}/models`);
    expect([answer.status, upstream.received.length]).toEqual([422, 0]);
  });

  it('C url-guardrail: lets everything pass in monitor mode, and counts it', async () => {
    says('https://bad.example');
    expect(await caller.ask('chat', 'monitor', 'https://bad.example')).toMatchObject({ status: 200 });
    expect(await caller.ask('chat', 'monitor', 'hi', { stream: true })).toMatchObject({ completed: true });
    const series = (direction: string) =>
      gateway.metric(
        `penstock_policy_interventions_total{policy="url-guardrail",direction="${direction}",mode="monitor"}`,
      );
    expect([await series('REQUEST'), await series('RESPONSE')]).toEqual([1, 2]);
    expect(gateway.output).not.toContain('bad.example');
  });

  it('C url-guardrail: settles what an answer used whose caller leaves during the check', async () => {
    says('https://slow.example');
    const controller = new AbortController();
    const requestId = 'left-1';
    const body = { model: 'm', messages: [{ role: 'user', content: 'x' }] };
    const init = { headers: { 'x-request-id': requestId }, signal: controller.signal };
    const asking = gateway.post('/urls/v1/chat/completions', key, body, init);
    await setTimeout(150);
    controller.abort();
    await expect(asking).rejects.toThrow();
    const event = await usageOf(redis.url, requestId);
    expect([event.outcome, event.usage.inputTokens, event.usage.outputTokens]).toEqual(['client-closed', 11, 7]);
  });
});
