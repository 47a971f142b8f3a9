import { createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import OpenAI from 'openai';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, chunk, json, ScriptedUpstream, usageChunk } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const messages = [{ role: 'user' as const, content: 'hi' }];
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let second: ScriptedUpstream;
let raw: Server;
let rawAnswer: (socket: import('node:net').Socket) => void = () => undefined;
let gateway: GatewayProcess;
let key = '';
let models = 0;

/** A new model each time, so that no circuit breaker carries over from test to test. */
const freshModel = () => `m${(models += 1)}`;

beforeAll(async () => {
  [redis, upstream, second] = await Promise.all([
    startPrivateRedis(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
  ]);
  raw = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => rawAnswer(socket));
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const rawPort = (raw.address() as { port: number }).port;
  const timeouts = { connectMs: 500, firstByteMs: 600, idleMs: 600, totalMs: 3000 };
  const config = new TestConfig();
  const first = config.provider('first', upstream.url, { models: null, timeouts });
  const other = config.provider('second', second.url, { models: null, timeouts });
  const garbage = config.provider('garbage', `http://127.0.0.1:${rawPort}`, { models: null, timeouts });
  const down = config.provider('down', `http://127.0.0.1:${await freePort()}`, { models: null, timeouts });
  const metadata = config.provider('metadata', 'http://169.254.169.254', { models: null, timeouts });
  const spare = config.provider('spare', second.url, {
    models: null,
    timeouts,
    limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1 }),
  });
  const target = (provider: { id: string }, priority: number) => ({
    providerId: provider.id,
    model: 'any',
    weight: 1,
    priority,
  });
  const fallback = [
    { name: 'fallback', targets: [target(first, 0), target(other, 1)] },
    { name: 'spare', targets: [target(down, 0), target(spare, 1)] },
    { name: 'down-first', targets: [target(down, 0), target(other, 1)] },
  ];
  config.proxy('root', '/', [first, other, garbage, down, metadata, spare], { models: fallback });
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterEach(() => {
  upstream.script = answerWell;
  second.script = answerWell;
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  second?.stop();
  raw?.close();
  await redis?.dispose();
});

const ask = (extra: object = {}, headers: Record<string, string> = {}) =>
  gateway.post('/v1/chat/completions', key, { model: freshModel(), messages, ...extra }, { headers });
const errorOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; type: string; message: string } };
  return [response.status, error.code];
};

describe('a stream that breaks', () => {
  const events = [chunk('a'), chunk('b'), chunk('c', 'stop'), usageChunk()];

  it.each([0, 1, 2, 3, 4])("after %i events is an error for OpenAI's client", async (count) => {
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of events.slice(0, count)) response.write(event);
      setTimeout(() => response.destroy(), 20);
    };
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const read = async () => {
      const stream = await client.chat.completions.create({ model: freshModel(), messages, stream: true });
      for await (const _part of stream);
    };
    await expect(read()).rejects.toThrow(/upstream|connection/i);
  });

  it.each(['ends cleanly without [DONE]', 'ends in the middle of an event'])(
    '%s has an error frame and no [DONE]',
    async (how) => {
      upstream.script = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(chunk('a') + (how.includes('middle') ? chunk('b').slice(0, 40) : chunk('b', 'stop')));
      };
      const response = await ask({ stream: true }, { 'x-request-id': `cut-${how.length}` });
      const text = await response.text();
      expect(text).toContain('"content":"a"');
      expect(text).toContain('"code":"upstream_error"');
      expect(text).not.toContain('[DONE]');
      expect(await usageOf(redis.url, `cut-${how.length}`)).toMatchObject({
        outcome: 'failed',
        usageSource: 'estimated',
        errorCode: 'upstream_error',
      });
    },
  );

  it('before its first event gives a real error status', async () => {
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: {"error":{"message":"Out of memory","type":"server_error"}}\n\n');
    };
    expect(await errorOf(await ask({ stream: true }))).toEqual([502, 'upstream_error']);
  });

  it('is closed by the idle timeout', async () => {
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('a'));
    };
    const text = await (await ask({ stream: true })).text();
    expect(text).toContain('"code":"upstream_timeout"');
    expect(text).not.toContain('[DONE]');
  });

  it('is closed by the total timeout though it goes on and on', async () => {
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(chunk('a')), 100);
      response.on('close', () => clearInterval(timer));
    };
    const text = await (await ask({ stream: true })).text();
    expect(text).toContain('"code":"upstream_timeout"');
  });

  it('with an event that never ends is cut off', async () => {
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('a'));
      const timer = setInterval(() => response.write('x'.repeat(1_000_000)), 5);
      response.on('close', () => clearInterval(timer));
    };
    const text = await (await ask({ stream: true })).text();
    expect(text).toContain('"error"');
    expect(text.length).toBeLessThan(10_000);
  });
});

describe('an upstream', () => {
  it.each([
    ['that is down', 'down', 502, 'upstream_error'],
    ['at a metadata address', 'metadata', 502, 'upstream_error'],
  ])('%s', async (_name, provider, status, code) => {
    expect(await errorOf(await ask({}, { 'x-provider': provider }))).toEqual([status, code]);
  });

  it('that never answers', async () => {
    upstream.script = () => undefined;
    expect(await errorOf(await ask())).toEqual([504, 'upstream_timeout']);
  });

  it.each([
    ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['headers of 100 KiB', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['too little', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":1}'],
    ['nothing', ''],
    ['an empty answer', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['a login page', 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>'],
    ['a redirect', 'HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n'],
  ])('that sends %s', async (_name, bytes) => {
    rawAnswer = (socket) => socket.end(bytes);
    expect(await errorOf(await ask({}, { 'x-provider': 'garbage' }))).toEqual([502, 'upstream_error']);
  });

  it('that compresses though it was not asked to', async () => {
    const answer = JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } });
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(answer));
    };
    const response = await ask();
    expect([response.status, await response.text()]).toEqual([200, answer]);
    expect(response.headers.get('content-encoding')).toBeNull();
  });

  it('that sends a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, '{'));
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
    };
    expect(await errorOf(await ask())).toEqual([502, 'upstream_error']);
  });

  it.each([
    [400, 400, 'bad'],
    [404, 404, 'bad'],
    [413, 413, 'bad'],
    [422, 422, 'bad'],
    [429, 429, 'rate_limit_exceeded'],
    [401, 502, 'upstream_auth_error'],
    [403, 502, 'upstream_auth_error'],
    [500, 502, 'upstream_error'],
    [503, 503, 'overloaded'],
  ])('that answers with %i', async (status, expected, code) => {
    upstream.script = (_request, response) =>
      json(
        response,
        {
          error: {
            message: 'Secret sk-abcdefghijklmnop',
            type: 't',
            code: status < 500 && ![401, 403].includes(status) ? 'bad' : null,
          },
        },
        status,
      );
    expect(await errorOf(await ask())).toEqual([expected, code]);
  });

  it('that reports absurd usage costs nothing negative', async () => {
    upstream.script = (_request, response) =>
      json(response, { choices: [], usage: { prompt_tokens: -5, completion_tokens: 1e308 } });
    await (await ask({}, { 'x-request-id': 'absurd' })).text();
    expect(await usageOf(redis.url, 'absurd')).toMatchObject({ usageSource: 'estimated', outcome: 'completed' });
  });
});

describe('another target', () => {
  it.each([
    ['500', (response: import('node:http').ServerResponse) => json(response, {}, 500)],
    ['429', (response: import('node:http').ServerResponse) => response.writeHead(429, { 'retry-after-ms': '1' }).end()],
    ['401', (response: import('node:http').ServerResponse) => json(response, {}, 401)],
    ['a reset', (response: import('node:http').ServerResponse) => response.socket?.resetAndDestroy()],
    [
      'an error as the first event',
      (response: import('node:http').ServerResponse) =>
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"error":{"message":"x"}}\n\n'),
    ],
  ])('is tried after %s', async (_name, script) => {
    upstream.script = (_request, response) => {
      script(response);
    };
    const response = await gateway.post('/v1/chat/completions', key, { model: 'fallback', messages, stream: true });
    expect([response.status, response.headers.get('x-penstock-provider')]).toEqual([200, 'second']);
    // A connection that was reused and then reset is tried once more before the next target is.
    expect(['2', '3']).toContain(response.headers.get('x-penstock-attempts'));
    expect(await response.text()).toContain('[DONE]');
  });

  it('is not tried after an error of the caller', async () => {
    upstream.script = (_request, response) => json(response, { error: { message: 'no' } }, 400);
    const before = second.received.length;
    expect((await gateway.post('/v1/chat/completions', key, { model: 'fallback', messages })).status).toBe(400);
    expect(second.received).toHaveLength(before);
  });

  it('is not tried once something was released', async () => {
    upstream.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('a'));
      setTimeout(() => response.destroy(), 20);
    };
    const before = second.received.length;
    const response = await ask({ stream: true });
    expect(await response.text()).toContain('"error"');
    expect(second.received).toHaveLength(before);
  });

  it('is tried only within its own limits', async () => {
    const first = await gateway.post('/v1/chat/completions', key, { model: 'spare', messages });
    expect([first.status, first.headers.get('x-penstock-provider')]).toEqual([200, 'spare']);
    const refused = await gateway.post('/v1/chat/completions', key, { model: 'spare', messages });
    expect(await errorOf(refused)).toEqual([502, 'upstream_error']);
  });

  it('alone is asked while the first is broken', async () => {
    for (let index = 0; index < 8; index += 1) {
      expect((await gateway.post('/v1/chat/completions', key, { model: 'down-first', messages })).status).toBe(200);
    }
    const response = await gateway.post('/v1/chat/completions', key, { model: 'down-first', messages });
    expect(response.headers.get('x-penstock-attempts')).toBe('1');
    expect(await gateway.metric('penstock_circuit_state{provider="down"}')).toBe(2);
    await response.text();
    const alone = await gateway.post(
      '/v1/chat/completions',
      key,
      { model: 'any', messages },
      { headers: { 'x-provider': 'down' } },
    );
    expect([alone.headers.has('retry-after'), ...(await errorOf(alone))]).toEqual([true, 503, 'no_target_available']);
  });
});

describe('a client that leaves', () => {
  it.each([
    ['while it waits', false],
    ['in the middle of a stream', true],
  ])('%s ends the request at the upstream', async (_name, streaming) => {
    upstream.script = (_request, response) => {
      if (!streaming) return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('a'));
    };
    const controller = new AbortController();
    const before = upstream.received.length;
    const requestId = `left-${String(streaming)}`;
    const answer = gateway.post(
      '/v1/chat/completions',
      key,
      { model: freshModel(), messages, stream: streaming },
      { signal: controller.signal, headers: { 'x-request-id': requestId } },
    );
    const finished = answer.then((response) => response.text()).catch(() => 'left');
    await waitUntil('the upstream to be asked', () => upstream.received.length > before);
    if (streaming) await answer;
    const leftAt = Date.now();
    controller.abort();
    await finished;
    const abortedAt = await waitUntil('the upstream to notice', () => upstream.last.abortedAt ?? undefined, {
      timeoutMs: 1000,
    });
    expect(abortedAt - leftAt).toBeLessThan(1000);
    expect(await usageOf(redis.url, requestId)).toMatchObject({
      outcome: 'client-closed',
      httpStatus: 499,
      usageSource: 'estimated',
    });
    await waitUntil('nothing to be in flight', async () => (await gateway.metric('penstock_inflight_requests')) === 0);
  });
});
