import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { anthropicSdks } from '../support/anthropic-sdks.ts';
import {
  CLAUDE_CODE_BETAS,
  CLAUDE_CODE_HEADERS,
  claudeCodeOpening,
  claudeCodeRequest,
} from '../support/claude-code-request.ts';
import { failureOf } from '../support/failure-of.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, models, type Scenario } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';
import { usageWhenComplete } from '../support/usage-of-key.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;
/** What Claude Code is given as ANTHROPIC_BASE_URL. */
let origin: string;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
  origin = scenario.baseUrl.replace(/\/v1$/, '');
});
afterAll(() => upstream.stop());

const itSimulated = upstream.simulation ? it : it.skip;
const itReal = upstream.simulation ? it.skip : it;

const hello: Anthropic.MessageParam[] = [{ role: 'user', content: 'Where does the water flow?' }];
const ask = (content: string): Anthropic.MessageParam[] => [{ role: 'user', content }];
const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

type Block = { readonly type: string };
type Spent = Pick<Anthropic.Usage, 'input_tokens' | 'output_tokens'>;

function textOf({ content }: { readonly content: readonly Block[] }): string {
  return content.map((block) => ('text' in block ? block.text : '')).join('');
}

function callsOf({ content }: { readonly content: readonly Block[] }): Anthropic.ToolUseBlock[] {
  return content.filter((block): block is Anthropic.ToolUseBlock => block.type === 'tool_use');
}

describe.each(anthropicSdks)("Anthropic's SDK $version", ({ Sdk }) => {
  const client = (apiKey = scenario.key): Anthropic => new Sdk({ baseURL: origin, apiKey, maxRetries: 0 });
  const request = (messages = hello): Anthropic.MessageCreateParamsNonStreaming => {
    return { model: models.chat, max_tokens: 64, messages };
  };

  it('creates a message', async () => {
    const message = await client().messages.create({ ...request(), system: 'Answer briefly.', stop_sequences: ['#'] });
    expect(message).toMatchObject({ type: 'message', role: 'assistant', model: models.chat, stop_reason: 'end_turn' });
    expect(message.id).toMatch(/^msg_/);
    expect(textOf(message)).toMatch(/\w+ \w+/);
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
    expect(message._request_id).toBeTruthy();
  });

  it('streams the same text', async () => {
    const whole = await client().messages.create(request());
    const stream = client().messages.stream(request());
    let text = '';
    stream.on('text', (delta) => (text += delta));
    const message = await stream.finalMessage();
    expect(text).toBe(textOf(whole));
    expect(textOf(message)).toBe(text);
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
    });
  });

  it('ends at the limit of tokens', async () => {
    const message = await client().messages.create({ ...request(ask('Describe water at length')), max_tokens: 5 });
    expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } });
  });

  it('is told what it used, to the token of its report', async () => {
    const { key, keyName } = await createCaller({ admin: platform.admin, baseUrl: scenario.baseUrl });
    const spent: Spent[] = [(await client(key).messages.create(request())).usage];
    const started: number[] = [];
    for await (const event of await client(key).messages.create({ ...request(), stream: true })) {
      if (event.type === 'message_start') started.push(event.message.usage.input_tokens);
      if (event.type === 'message_delta') spent.push(event.usage as Spent);
    }
    // An estimate: what the upstream counted comes last.
    expect(started).toEqual([expect.any(Number)]);
    expect(started[0]).toBeGreaterThan(0);
    expect(spent).toHaveLength(2);
    const sumOf = (field: keyof Spent): number => spent.reduce((sum, usage) => sum + usage[field], 0);
    expect(sumOf('output_tokens')).toBeGreaterThan(1);
    expect(await usageWhenComplete(platform.admin, keyName, { requests: 2 })).toMatchObject({
      requests: 2,
      errors: 0,
      inputTokens: sumOf('input_tokens'),
      outputTokens: sumOf('output_tokens'),
    });
  });

  it('calls a tool, and goes on with its result', async () => {
    const question = ask('Please call get_weather for Paris');
    const first = await client()
      .messages.stream({ ...request(question), tools: [weather] })
      .finalMessage();
    expect(first.stop_reason).toBe('tool_use');
    const [call] = callsOf(first);
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Paris' } });
    const result = { type: 'tool_result' as const, tool_use_id: call!.id, content: '21 degrees' };
    const turns: Anthropic.MessageParam[] = [
      ...question,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [result] },
    ];
    const second = await client().messages.create({ ...request(turns), tools: [weather] });
    expect(second.stop_reason).toBe('end_turn');
    expect(textOf(second)).toMatch(/\w+ \w+/);
  });

  it('calls a tool in one piece', async () => {
    const question = request(ask('Please call get_weather for Paris'));
    const message = await client().messages.create({ ...question, tools: [weather], tool_choice: { type: 'auto' } });
    expect(callsOf(message)).toMatchObject([{ name: 'get_weather', input: { city: 'Paris' } }]);
    expect(message.stop_reason).toBe('tool_use');
  });

  it('does what Claude Code does: a first contact, a tool, and its result', async () => {
    const bearer = new Sdk({ baseURL: origin, authToken: scenario.key, apiKey: null, maxRetries: 0 });
    const send = (messages: readonly Anthropic.Beta.BetaMessageParam[]): Promise<Anthropic.Beta.BetaMessage> => {
      const { stream: _, ...wish } = claudeCodeRequest(models.chat, messages);
      const headers = { ...CLAUDE_CODE_HEADERS };
      return bearer.beta.messages.stream({ ...wish, betas: [...CLAUDE_CODE_BETAS] }, { headers }).finalMessage();
    };
    const opening = claudeCodeOpening('say pong');
    const first = await send(opening);
    expect(['end_turn', 'tool_use']).toContain(first.stop_reason);
    expect(first.usage.input_tokens).toBeGreaterThan(250);

    const later = [
      ...opening,
      { role: 'assistant' as const, content: 'pong' },
      { role: 'user' as const, content: 'Please call get_weather for Paris' },
    ];
    const second = await send(later);
    const [call] = callsOf(second);
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Paris' } });
    const cache = { cache_control: { type: 'ephemeral' as const } };
    const result = { type: 'tool_result' as const, tool_use_id: call!.id, content: '21 degrees', is_error: false };
    const third = await send([
      ...later,
      { role: 'assistant', content: second.content },
      { role: 'user', content: [{ ...result, ...cache }] },
    ]);
    expect(third.stop_reason).toBe('end_turn');
    expect(textOf(third)).toMatch(/\w+ \w+/);
  });

  it('stops the generation when its caller aborts a stream', async () => {
    upstream.simulation?.answerEndlessly();
    const stream = client().messages.stream({ ...request(ask('Describe a turbine at length')), max_tokens: 100_000 });
    stream.on('text', () => stream.abort());
    expect(await failureOf(stream.done())).toBeInstanceOf(Sdk.APIUserAbortError);
    await expectNothingRuns();
  });

  it('stops the generation when its caller aborts a whole answer', async () => {
    upstream.simulation?.answerEndlessly();
    const caller = new AbortController();
    const endless = { ...request(ask('Describe a turbine at length')), max_tokens: 100_000 };
    const options = { signal: caller.signal, timeout: 20_000 };
    const answer = failureOf(client().messages.create(endless, options));
    await waitUntil('the upstream to generate', async () => (await upstream.running()) > 0);
    caller.abort();
    expect(await answer).toBeInstanceOf(Sdk.APIUserAbortError);
    await expectNothingRuns();
  });

  it('raises AuthenticationError for a wrong key', async () => {
    const error = await failureOf(client('psk_wrong').messages.create(request()));
    expect(error).toBeInstanceOf(Sdk.AuthenticationError);
    expect(error).toMatchObject({ status: 401, type: 'authentication_error', requestID: expect.any(String) });
  });

  it('raises NotFoundError for an unknown model', async () => {
    const error = await failureOf(client().messages.create({ ...request(), model: 'claude-opus-5-5' }));
    expect(error).toBeInstanceOf(Sdk.NotFoundError);
    expect(error).toMatchObject({ status: 404, type: 'not_found_error' });
  });

  it('raises BadRequestError for a mistake', async () => {
    const error = await failureOf(client().messages.create({ ...request(), messages: 'Hello' as never }));
    expect(error).toBeInstanceOf(Sdk.BadRequestError);
    expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.stringContaining('messages') });
  });
});

/** The upstream works on nothing any more: of what it generates from now on, every token is of the answer that we ask for. */
async function expectNothingRuns(): Promise<void> {
  await waitUntil('the upstream to stop', async () => (await upstream.running()) === 0);
  upstream.simulation?.behaveAgain();
  const before = await upstream.generated();
  const { usage } = await scenario.client.complete('Hello');
  await waitUntil('the tokens to be counted', async () => (await upstream.generated()) > before);
  expect((await upstream.generated()) - before).toBe(usage.completion_tokens);
}

/** A POST as Claude Code writes it. */
function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const version = { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };
  return fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { ...version, 'x-api-key': scenario.key, ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}

describe('Claude Code', () => {
  const headers = { ...CLAUDE_CODE_HEADERS, 'anthropic-beta': CLAUDE_CODE_BETAS.join(',') };

  it('finds somebody at home', async () => {
    const response = await fetch(`${origin}/api/hello`, { method: 'HEAD', headers: { 'user-agent': 'Bun/1.4.4' } });
    expect(response.status).toBe(200);
  });

  it('is answered in events with their names, and told what was left out', async () => {
    const body = claudeCodeRequest(models.chat, claudeCodeOpening('say pong'));
    const response = await post('/v1/messages?beta=true', body, headers);
    const names = [...(await response.text()).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name!);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('request-id')).toBeTruthy();
    expect(response.headers.get('x-penstock-warnings')).toMatch(/context_management/);
    expect(names.filter((name) => name !== 'ping' && name !== 'content_block_delta')).toEqual([
      'message_start',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it.each(['low', 'medium', 'high', 'xhigh', 'max'] as const)('may ask for %s effort', async (effort) => {
    const body = claudeCodeRequest(models.chat, [{ role: 'user', content: 'Hello' }], { output_config: { effort } });
    const response = await post('/v1/messages?beta=true', body, headers);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('event: message_stop');
  });

  it.each([{ type: 'enabled', budget_tokens: 2048 }, { type: 'disabled' }] as const)(
    'may ask for thinking %j',
    async (thinking) => {
      const body = claudeCodeRequest(models.chat, [{ role: 'user', content: 'Hello' }], { thinking });
      const response = await post('/v1/messages?beta=true', body, headers);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('event: message_stop');
    },
  );

  it('may probe with a single token', async () => {
    const body = { model: models.chat, max_tokens: 1, messages: [{ role: 'user', content: 'quota' }] };
    const message = (await (await post('/v1/messages?beta=true', body, headers)).json()) as Anthropic.Message;
    expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 1 } });
  });

  itReal('is told that its prompt is too long in the words for which it compacts the conversation', async () => {
    const body = claudeCodeRequest(models.chat, [{ role: 'user', content: 'drop by drop, '.repeat(60_000) }]);
    const response = await post('/v1/messages?beta=true', body, headers);
    const { error } = (await response.json()) as { error: { type: string; message: string } };
    expect(response.status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringMatching(/prompt is too long/i),
    });
  });

  itSimulated('sends nothing that the published Chat API does not have', () => {
    expect(upstream.simulation!.truth().violations).toBe(0);
  });
});

describe("An error on Anthropic's routes", () => {
  const body = { model: models.chat, max_tokens: 9, messages: hello };

  it.each([
    ['a missing key', () => post('/v1/messages', body, { 'x-api-key': '' }), 401, 'authentication_error'],
    ['a wrong key', () => post('/v1/messages', body, { 'x-api-key': 'psk_x' }), 401, 'authentication_error'],
    ['an unknown model', () => post('/v1/messages', { ...body, model: 'x' }), 404, 'not_found_error'],
    ['no messages', () => post('/v1/messages', { ...body, messages: undefined }), 400, 'invalid_request_error'],
    [
      'an unknown role',
      () => post('/v1/messages', { ...body, messages: [{ role: 'x', content: '' }] }),
      400,
      'invalid_request_error',
    ],
    ['what the upstream refuses', () => post('/v1/messages', { ...body, top_p: 7 }), 400, 'invalid_request_error'],
    ['an unknown route', () => post('/v1/messages/batches', body), 404, 'not_found_error'],
  ] as const)('has its shape for %s', async (_, answer, status, type) => {
    const response = await answer();
    const told = (await response.json()) as { request_id: string; error: { message: string } };
    expect(response.status).toBe(status);
    expect(told).toMatchObject({ type: 'error', error: { type, message: expect.any(String) } });
    expect(told.error.message).not.toBe('');
    expect(told.request_id).toBeTruthy();
    expect(response.headers.get('request-id')).toBe(told.request_id);
  });
});
