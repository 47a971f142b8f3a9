import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@penstock/testing';
import { anthropicSdks } from '../support/anthropic-sdks.ts';
import { claudeCodeOpening, claudeCodeRequest } from '../support/claude-code-request.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, models, type Scenario } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';
import { usageWhenComplete } from '../support/usage-of-key.ts';

const upstream = await openUpstream();
const platform = openPlatform();
const parts = { admin: platform.admin, gateway: platform.ready.gateway };
let scenario: Scenario;

beforeAll(async () => {
  scenario = await createScenario({ ...parts, upstream });
});
afterAll(() => upstream.stop());

type Counted = Pick<Anthropic.MessageCountTokensParams, 'messages' | 'system' | 'tools'>;

function count(body: Counted, { baseUrl, key }: Pick<Scenario, 'baseUrl' | 'key'> = scenario): Promise<Response> {
  return fetch(`${baseUrl}/messages/count_tokens?beta=true`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model: models.chat, ...body }),
  });
}

/** What the upstream itself counts, of a conversation in its own dialect. */
async function truth(body: object): Promise<number> {
  const authorization = upstream.apiKey === null ? {} : { authorization: `Bearer ${upstream.apiKey}` };
  const response = await fetch(new URL('/tokenize', upstream.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ model: upstream.chatModel, ...body }),
  });
  return ((await response.json()) as { count: number }).count;
}

const question = { role: 'user' as const, content: 'Where does the water flow?' };
const schema = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };

describe('A count of tokens', () => {
  it("is the upstream's own", async () => {
    const response = await count({ messages: [question] });
    expect(response.status).toBe(200);
    expect(response.headers.get('request-id')).toBeTruthy();
    expect(await response.json()).toEqual({ input_tokens: await truth({ messages: [question] }) });
  });

  it('covers system and tools, and leaves out what only Anthropic is told', async () => {
    const attribution = 'x-anthropic-billing-header: cc_version=2.1.329; cc_entrypoint=cli; cch=00000;';
    const response = await count({
      system: [attribution, 'Answer briefly.'].map((text) => ({ type: 'text', text })),
      messages: [question],
      tools: [{ name: 'get_weather', description: 'Weather', input_schema: schema }],
    });
    const weather = { name: 'get_weather', description: 'Weather', parameters: schema };
    const expected = await truth({
      messages: [{ role: 'system', content: 'Answer briefly.' }, question],
      tools: [{ type: 'function', function: weather }],
    });
    expect(await response.json()).toEqual({ input_tokens: expected });
  });

  it('is what a message with the same conversation is said to have used', async () => {
    const conversation: Counted = { system: 'Answer briefly.', messages: [question] };
    const { input_tokens: counted } = (await (await count(conversation)).json()) as { input_tokens: number };
    const response = await scenario.client.post('/messages', { model: models.chat, max_tokens: 9, ...conversation });
    expect(await response.json()).toMatchObject({ usage: { input_tokens: counted } });
  });

  it.each(anthropicSdks)("is read by Anthropic's SDK $version, of all that Claude Code sends", async ({ Sdk }) => {
    const client = new Sdk({ baseURL: scenario.baseUrl.replace(/\/v1$/, ''), apiKey: scenario.key, maxRetries: 0 });
    const { model, messages, system, tools } = claudeCodeRequest(models.chat, claudeCodeOpening('say pong'));
    const counted = await client.beta.messages.countTokens({ model, messages, system: system!, tools: tools! });
    expect(counted.input_tokens).toBeGreaterThan(250);
  });

  it('costs no tokens', async () => {
    const { baseUrl } = scenario;
    const { key, keyName } = await createCaller({ admin: platform.admin, baseUrl });
    expect((await count({ messages: [question] }, { baseUrl, key })).status).toBe(200);
    const free = { requests: 1, errors: 0, inputTokens: 0, outputTokens: 0 };
    expect(await usageWhenComplete(platform.admin, keyName, { requests: 1 })).toMatchObject(free);
  });

  it('is estimated, and marked so, while no upstream counts', async () => {
    const url = `http://127.0.0.1:${await freePort()}/v1`;
    const silent = await createScenario({ ...parts, upstream: { ...upstream, url } });
    const response = await count({ messages: [question] }, silent);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-penstock-warnings')).toBe('estimated:input_tokens');
    const { input_tokens: estimated } = (await response.json()) as { input_tokens: number };
    expect(estimated).toBeGreaterThan(0);
    expect(estimated).toBeLessThan(100);
  });

  it('is refused where it cannot be read', async () => {
    const response = await count({ messages: 'Hello' as never });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});
