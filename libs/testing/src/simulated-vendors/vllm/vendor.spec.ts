import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { parseSse } from '../../read-sse.ts';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';
import { onePixelPng } from '../weather-tool.ts';

let vendors: SimulatedVendors;
let client: OpenAI;

beforeAll(async () => {
  vendors = await startSimulatedVendors({ keys: { vllm: 'secret' } });
  client = new OpenAI({ baseURL: `${vendors.urls.vllm}/v1`, apiKey: 'secret', maxRetries: 0 });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const user = { role: 'user' as const, content: 'How does water flow?' };
const post = (body: object, key = 'secret') =>
  fetch(`${vendors.urls.vllm}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'sim-text', messages: [user], ...body }),
  });

describe('the vLLM simulation', () => {
  it('shows thoughts beside the content, streamed and whole', async () => {
    const whole = await client.chat.completions.create({ model: 'sim-reasoning', messages: [user] });
    const message = whole.choices[0]?.message as { readonly reasoning?: string } | undefined;
    const thoughts = message?.reasoning;
    expect(thoughts).toMatch(/^The user wants to know/);
    const streamed = parseSse(await (await post({ model: 'sim-reasoning', stream: true })).text());
    const deltas = streamed
      .filter(({ data }) => data !== '[DONE]')
      .map(({ data }) => (JSON.parse(data) as { choices: { delta: { reasoning?: string } }[] }).choices[0]?.delta);
    expect(deltas.map((delta) => delta?.reasoning ?? '').join('')).toBe(thoughts);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('takes sampling of its own and what the model thought before', async () => {
    const turn = { role: 'assistant', content: 'It flows.', reasoning: 'I think.' };
    const body = {
      messages: [user, turn, user],
      top_k: 5,
      min_p: 0.1,
      chat_template_kwargs: { enable_thinking: true },
    };
    expect((await post(body)).status).toBe(200);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it.each([
    ['a field of nobody', { foo: 1 }, ['foo']],
    ['a wrong type of its own', { top_k: 'five' }, ['top_k']],
    [
      'the older name of reasoning',
      { messages: [user, { role: 'assistant', content: 'a', reasoning_content: 'b' }, user] },
      ['messages', 1, 'reasoning_content'],
    ],
  ])('refuses %s', async (_name, body, path) => {
    expect((await post(body)).status).toBe(400);
    expect(vendors.ledger.violations).toMatchObject([{ path }]);
  });

  it('goes on with texts', async () => {
    const answer = await client.completions.create({ model: 'sim-echo', prompt: 'Water' });
    expect(answer).toMatchObject({ object: 'text_completion', choices: [{ text: 'Water', finish_reason: 'stop' }] });
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('ends a failed stream like a good one', async () => {
    const events = parseSse(await (await post({ model: 'sim-error-mid-stream', stream: true })).text());
    expect(events.at(-1)?.data).toBe('[DONE]');
    expect(JSON.parse(events.at(-2)?.data ?? '')).toMatchObject({ error: { code: 500 } });
  });

  it('refuses images for models that have no eyes, and wrong keys, which is no fault of the form', async () => {
    const image_url = { url: `data:image/png;base64,${onePixelPng}` };
    const messages = [{ role: 'user', content: [{ type: 'image_url', image_url }] }];
    expect((await post({ model: 'text-only-sim-image', messages })).status).toBe(400);
    expect((await post({ model: 'sim-image', messages })).status).toBe(200);
    expect((await post({}, 'wrong')).status).toBe(401);
    expect(vendors.ledger.violations).toEqual([]);
  });
});
