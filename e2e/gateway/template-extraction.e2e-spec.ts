import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { chunk, json, type ReceivedRequest, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const META = { meta: { tokens: { in: 31, out: 17 } } };
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key: string;

/** A vendor that is like OpenAI, except for where it counts. */
function answer({ json: body }: ReceivedRequest, response: ServerResponse): void {
  const message = { role: 'assistant', content: 'Hello' };
  if (body.stream !== true) {
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    json(response, { id: '1', object: 'chat.completion', created: 1, model: 'up/m', choices, ...META });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk('Hello', 'stop'));
  response.write(
    `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'up/m', choices: [], ...META })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  upstream.script = answer;
  const config = new TestConfig();
  const at = (identifier: string) => ({ location: 'payload', identifier }) as const;
  const extraction = { promptTokens: at('$.meta.tokens.in'), completionTokens: at('$.meta.tokens.out') };
  config.proxy('custom', '/custom', [config.provider('custom', upstream.url, { extraction })]);
  config.proxy('usual', '/usual', [config.provider('usual', upstream.url)]);
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

async function usage(path: string, body: object) {
  const messages = [{ role: 'user', content: 'hi' }];
  const response = await gateway.post(path, key, { model: 'm', messages, max_tokens: 100, ...body });
  await response.text();
  expect(response.status).toBe(200);
  const event = await usageOf(redis.url, response.headers.get('x-request-id') ?? '');
  return { source: event.usageSource, tokens: [event.usage.inputTokens, event.usage.outputTokens] };
}

describe('A5.7: a template that says where tokens are counted', () => {
  it.each([
    ['a whole answer', '/custom/chat/completions', {}],
    ['a stream', '/custom/chat/completions', { stream: true }],
    ['a whole answer in another dialect', '/custom/messages', {}],
    ['a stream in another dialect', '/custom/messages', { stream: true }],
  ])('A5.7: %s is booked with what it says', async (_name, path, body) => {
    expect(await usage(path, body)).toEqual({ source: 'reported', tokens: [31, 17] });
  });

  it('A5.7: without it the same answers are estimated', async () => {
    expect(await usage('/usual/chat/completions', {})).toMatchObject({ source: 'estimated' });
  });
});
