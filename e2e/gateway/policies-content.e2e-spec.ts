import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { ContentCaller, type Caller } from './support/content-caller.ts';
import { GatewayProcess } from './support/gateway-process.ts';
import { chunk, json, ScriptedUpstream, USAGE, usageChunk } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

const SCHEMA = { type: 'object', properties: { name: { type: 'string', pattern: '^[a-z]+$' } }, required: ['name'] };
const forbidden = { regex: '(?i)secret-[0-9]+', invert: true };
const upTo = (max: number) => ({ min: 2, max });
/** A proxy for each, by its name. */
const PROXIES: Readonly<Record<string, readonly [name: string, params: SnapshotPolicy['params']]>> = {
  regex: ['regex-guardrail', { request: forbidden, response: { ...forbidden, showAssessment: true } }],
  monitor: ['regex-guardrail', { request: forbidden, response: forbidden, mode: 'monitor' }],
  words: ['word-count-guardrail', { request: upTo(5), response: upTo(5) }],
  sentences: ['sentence-count-guardrail', { request: upTo(3), response: upTo(3) }],
  length: ['content-length-guardrail', { request: upTo(30), response: upTo(30) }],
  schema: ['json-schema-guardrail', { response: { schema: SCHEMA } }],
  'schema-in': ['json-schema-guardrail', { request: { schema: JSON.stringify(SCHEMA) } }],
  pii: ['pii-masking-regex', { email: true, phone: true, ssn: true }],
  redact: ['pii-masking-regex', { email: true, redactPII: true }],
  decorate: ['prompt-decorator', { promptDecoratorConfig: { messages: [{ role: 'system', content: 'Be kind.' }] } }],
  'decorate-text': ['prompt-decorator', { promptDecoratorConfig: '{"decoration":"Sum up:"}' }],
  'decorate-nowhere': ['prompt-decorator', { promptDecoratorConfig: { text: 'T' }, jsonPath: '$.nowhere' }],
  template: ['prompt-template', { templates: [{ name: 'tell', template: 'Tell [[who]].' }] }],
};

let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let caller: ContentCaller;

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const lab = config.provider('lab', upstream.url);
  for (const [context, [name, params]] of Object.entries(PROXIES)) {
    config.proxy(context, `/${context}`, [lab], { policies: [{ name, condition: null, params, paths: null }] });
  }
  const key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
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

/** What the model says next, in these pieces when it streams, all at once. */
function says(...pieces: readonly string[]): void {
  speaks(pieces, 0);
}

/** The same, with a while between pieces. */
function saysSlowly(...pieces: readonly string[]): void {
  speaks(pieces, 2);
}

function speaks(pieces: readonly string[], pauseMs: number): void {
  upstream.script = async ({ json: asked }, response) => {
    if (asked.stream !== true) {
      const message = { role: 'assistant', content: pieces.join('') };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      return json(response, { id: 'c', object: 'chat.completion', created: 1, model: 'up/m', choices, usage: USAGE });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // What comes at once must come in one write, or the gateway may read it in several.
    const ending = `${chunk('', 'stop')}${usageChunk()}data: [DONE]\n\n`;
    for (const piece of pauseMs > 0 ? pieces : []) {
      response.write(chunk(piece));
      await setTimeout(pauseMs);
    }
    response.end(pauseMs > 0 ? ending : pieces.map((piece) => chunk(piece)).join('') + ending);
  };
}

const messageOf = (direction: string, guardrail: string) =>
  expect.objectContaining({ action: 'GUARDRAIL_INTERVENED', interveningGuardrail: guardrail, direction });

/** For each guardrail: what passes, and what does not, whichever way it goes. */
const GUARDRAILS: readonly (readonly [proxy: string, ok: string, bad: string])[] = [
  ['regex', 'a well-kept secret', 'the Secret-42 one'],
  ['words', 'two words', 'one two three four five six'],
  ['sentences', 'One. Two.', 'A. B. C. D.'],
  ['length', 'éé', 'é'.repeat(16)],
];

describe.each(['chat', 'anthropic'] as const)('C guardrails, for callers of %s', (dialect: Caller) => {
  it.each(GUARDRAILS)(
    'C %s guardrail: refuses a request with its body, and asks no upstream',
    async (proxy, ok, bad) => {
      says(ok);
      expect(await caller.ask(dialect, proxy, ok)).toMatchObject({ status: 200, text: ok });
      const refused = await caller.ask(dialect, proxy, bad);
      const [name] = PROXIES[proxy] ?? [''];
      const type = name.toUpperCase().replaceAll('-', '_');
      expect(refused).toMatchObject({ status: 422, json: { type, message: messageOf('REQUEST', name) } });
      expect(upstream.received).toHaveLength(1);
    },
  );

  it.each(GUARDRAILS)('C %s guardrail: refuses a whole answer', async (proxy, ok, bad) => {
    says(bad);
    const refused = await caller.ask(dialect, proxy, ok);
    const [name] = PROXIES[proxy] ?? [''];
    expect(refused).toMatchObject({ status: 422, json: { message: messageOf('RESPONSE', name) } });
    expect(JSON.stringify(refused.json)).not.toContain(bad);
  });

  it.each(GUARDRAILS)('C %s guardrail: lets a stream pass, or refuses it before it begins', async (proxy, ok, bad) => {
    says(...(ok.match(/.{1,2}/gsu) ?? []));
    expect(await caller.ask(dialect, proxy, ok, { stream: true })).toMatchObject({ text: ok, completed: true });
    says(...(bad.match(/.{1,3}/gsu) ?? []));
    const refused = await caller.ask(dialect, proxy, ok, { stream: true });
    const [name] = PROXIES[proxy] ?? [''];
    expect(refused).toMatchObject({ status: 422, json: { message: messageOf('RESPONSE', name) }, text: '' });
  });

  it('C regex-guardrail: ends a stream before a match that comes in pieces, with an error and no success', async () => {
    const before = 'word '.repeat(200);
    saysSlowly(...(before.match(/.{1,50}/gs) ?? []), 'sec', 'ret-', '7', '7', ' and so on'.repeat(100));
    const { status, text, completed, failed } = await caller.ask(dialect, 'regex', 'hi', { stream: true });
    expect([status, completed, failed]).toEqual([200, false, true]);
    expect(before.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThan(0);
  });

  it('C word-count-guardrail: tells of too few words at the end of a stream, instead of success', async () => {
    saysSlowly('one');
    const { text, completed, failed } = await caller.ask(dialect, 'words', 'two words', { stream: true });
    expect([text, completed, failed]).toEqual(['one', false, true]);
  });

  it('C json-schema-guardrail: judges requests, whole answers and streams', async () => {
    says('{"na', 'me":"bob"}');
    expect(await caller.ask(dialect, 'schema', 'hi')).toMatchObject({ status: 200, text: '{"name":"bob"}' });
    const streamed = await caller.ask(dialect, 'schema', 'hi', { stream: true });
    expect(streamed).toMatchObject({ text: '{"name":"bob"}', completed: true });
    says('{"na', 'me":"Bob"}');
    const whole = await caller.ask(dialect, 'schema', 'hi');
    expect(whole).toMatchObject({ status: 422, json: { type: 'JSON_SCHEMA_GUARDRAIL' } });
    const refused = await caller.ask(dialect, 'schema', 'hi', { stream: true });
    expect(refused).toMatchObject({ status: 422, text: '', completed: false });
    expect((await caller.ask(dialect, 'schema-in', 'no JSON')).status).toBe(422);
    expect((await caller.ask(dialect, 'schema-in', '{"name":"bob"}')).status).toBe(200);
  });
});

describe('C guardrails: mode monitor', () => {
  it('lets everything pass, counts it, and logs nothing of the content', async () => {
    says('the secret-', '7');
    expect(await caller.ask('chat', 'monitor', 'my secret-9')).toMatchObject({ status: 200, text: 'the secret-7' });
    const streamed = await caller.ask('anthropic', 'monitor', 'my secret-9', { stream: true });
    expect(streamed).toMatchObject({ text: 'the secret-7', completed: true });
    const series = (direction: string) =>
      gateway.metric(
        `penstock_policy_interventions_total{policy="regex-guardrail",direction="${direction}",mode="monitor"}`,
      );
    expect([await series('REQUEST'), await series('RESPONSE')]).toEqual([2, 2]);
    expect(gateway.output).toContain('a guardrail would refuse');
    expect(gateway.output).not.toMatch(/secret-\d/);
  });
});

describe.each(['chat', 'anthropic'] as const)('C pii-masking-regex, for callers of %s', (dialect: Caller) => {
  const said = 'I am bob@example.com, 415-555-2671, SSN 123-45-6789; bob@example.com again';
  const masked = 'I am [EMAIL_1], [PHONE_1], SSN [SSN_1]; [EMAIL_1] again';

  it('C pii-masking-regex: masks what goes upstream and puts it back into whole answers', async () => {
    says('Hello [EMAIL_1] of [PHONE_1], [EMAIL_2]');
    const answer = await caller.ask(dialect, 'pii', said, { system: 'I help ann@example.com' });
    expect(answer.text).toBe('Hello ann@example.com of 415-555-2671, bob@example.com');
    expect(upstream.last.json.messages).toEqual([
      { role: 'system', content: 'I help [EMAIL_1]' },
      { role: 'user', content: masked.replaceAll('EMAIL_1', 'EMAIL_2') },
    ]);
    expect(gateway.output).not.toMatch(/bob@|ann@|123-45-6789/);
  });

  it.each([1, 2, 3, 5, 8])('C pii-masking-regex: puts it back into a stream in pieces of %i', async (length) => {
    const text = `Dear [EMAIL_1], call [PHONE_1] or [[SSN_1]]; [EMAIL_9] [EMAIL_`;
    says(...(text.match(new RegExp(`.{1,${length}}`, 'gs')) ?? []));
    const answer = await caller.ask(dialect, 'pii', said, { stream: true });
    const restored = 'Dear bob@example.com, call 415-555-2671 or [123-45-6789]; [EMAIL_9] [EMAIL_';
    expect(answer).toMatchObject({ text: restored, completed: true });
  });

  it('C pii-masking-regex: puts it back into arguments of tool calls that come in pieces', async () => {
    upstream.script = (_asked, response) => {
      const call = (more: object, finish: string | null = null) => {
        const choices = [{ index: 0, delta: { tool_calls: [{ index: 0, ...more }] }, finish_reason: finish }];
        return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`;
      };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(call({ id: 'call_1', type: 'function', function: { name: 'mail', arguments: '' } }));
      for (const piece of ['{"to":"[EM', 'AIL', '_1', ']"}']) response.write(call({ function: { arguments: piece } }));
      response.write(chunk('', 'tool_calls'));
      response.end('data: [DONE]\n\n');
    };
    const tools = [{ name: 'mail', parameters: { type: 'object', properties: { to: { type: 'string' } } } }];
    const { argumentsText, completed } = await caller.ask(dialect, 'pii', said, { stream: true, tools });
    expect([argumentsText, completed]).toEqual(['{"to":"bob@example.com"}', true]);
  });

  it('C pii-masking-regex: redactPII takes it out for good', async () => {
    says('I see [EMAIL_1] *****');
    expect((await caller.ask(dialect, 'redact', said)).text).toBe('I see [EMAIL_1] *****');
    expect(upstream.last.json.messages).toEqual([
      { role: 'user', content: 'I am *****, 415-555-2671, SSN 123-45-6789; ***** again' },
    ]);
  });
});

describe('C content policies, for callers of other dialects', () => {
  const asked = 'I am bob@example.com';
  const paths = {
    responses: ['v1/responses', { model: 'm', stream: true, input: asked }],
    gemini: [
      'v1beta/models/m:streamGenerateContent?alt=sse',
      { contents: [{ role: 'user', parts: [{ text: asked }] }] },
    ],
  } as const;
  const stream = async (dialect: keyof typeof paths, proxy: string) => {
    const [path, body] = paths[dialect];
    const response = await caller.post(`/${proxy}/${path}`, body);
    return { status: response.status, text: await response.text() };
  };

  it.each(['responses', 'gemini'] as const)(
    'C pii-masking-regex: puts values back into streams of %s',
    async (dialect) => {
      says('Dear [EMA', 'IL_1]');
      const { status, text } = await stream(dialect, 'pii');
      expect([status, text.includes('bob@example.com'), text.includes('[EMA')]).toEqual([200, true, false]);
      expect(JSON.stringify(upstream.last.json.messages)).toContain('I am [EMAIL_1]');
    },
  );

  it.each(['responses', 'gemini'] as const)('C regex-guardrail: ends streams of %s', async (dialect) => {
    saysSlowly(...Array.from({ length: 20 }, () => 'word '.repeat(10)), 'secret', '-7', ' and so on'.repeat(20));
    const { status, text } = await stream(dialect, 'regex');
    expect([status, text.includes('word'), text.includes('secret')]).toEqual([200, true, false]);
    expect(text).toContain('Violation of regular expression detected.');
    expect(text).not.toMatch(/response\.completed|"finishReason":"STOP"/);
  });
});

describe.each(['chat', 'anthropic'] as const)('C prompts, for callers of %s', (dialect: Caller) => {
  it.each([false, true])(
    'C prompt-decorator: decorates the conversation and its newest message; stream %s',
    async (stream) => {
      says('well');
      const sent = async (proxy: string) => {
        expect(await caller.ask(dialect, proxy, 'hi', { stream })).toMatchObject({ status: 200, text: 'well' });
        return upstream.last.json.messages;
      };
      expect(await sent('decorate')).toEqual([
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'hi' },
      ]);
      expect(await sent('decorate-text')).toEqual([{ role: 'user', content: 'Sum up: hi' }]);
    },
  );

  it('C prompt-decorator: tells when there is nothing at its path', async () => {
    const message = 'Error extracting value from JSONPath';
    expect(await caller.ask(dialect, 'decorate-nowhere', 'hi')).toMatchObject({
      status: 500,
      json: { type: 'PROMPT_DECORATOR_ERROR', message },
    });
  });

  it.each([false, true])('C prompt-template: fills templates; stream %s', async (stream) => {
    says('well');
    const answer = await caller.ask(dialect, 'template', 'Now: template://tell?who=Bob%20B', { stream });
    expect(answer).toMatchObject({ status: 200, text: 'well' });
    expect(upstream.last.json.messages).toEqual([{ role: 'user', content: 'Now: Tell Bob B.' }]);
    expect(await caller.ask(dialect, 'template', 'template://none', { stream })).toMatchObject({
      status: 400,
      json: { type: 'PROMPT_TEMPLATE_ERROR', message: "Template 'none' not found" },
    });
  });
});
