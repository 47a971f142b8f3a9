import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';

let vendors: SimulatedVendors;
let client: OpenAI;

beforeAll(async () => {
  vendors = await startSimulatedVendors();
  client = new OpenAI({ baseURL: `${vendors.urls.openai}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const model = 'gpt-3.5-turbo-instruct-sim-text';

describe('the legacy Completions', () => {
  it('answer the official SDK, streamed and whole, with the tokens that were counted', async () => {
    const whole = await client.completions.create({ model, prompt: 'Water' });
    const stream = await client.completions.create({
      model,
      prompt: 'Water',
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let tokens = 0;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.text ?? '';
      tokens = usage?.completion_tokens ?? tokens;
    }
    expect(text).toBe(whole.choices[0]?.text);
    expect(tokens).toBe(vendors.ledger.last()?.usage?.output);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('stop after sixteen tokens or those that were asked for', async () => {
    const prompt = Array.from({ length: 20 }, () => 'drop').join(' ');
    const echo = 'gpt-3.5-turbo-instruct-sim-echo';
    const sixteen = await client.completions.create({ model: echo, prompt });
    expect(sixteen.choices[0]?.text.split(' ')).toHaveLength(16);
    const two = await client.completions.create({ model: echo, prompt, max_tokens: 2 });
    expect(two.choices[0]).toMatchObject({ text: 'drop drop', finish_reason: 'length' });
  });

  it('are not served by models of a chat, and take no messages', async () => {
    await expect(client.completions.create({ model: 'gpt-5.2-sim-text', prompt: 'a' })).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('Did you mean to use v1/chat/completions?'),
    });
    expect(vendors.ledger.violations).toEqual([]);
    await expect(client.post('/completions', { body: { model, messages: [] } })).rejects.toMatchObject({ status: 400 });
    expect(vendors.ledger.violations).toMatchObject([{ path: ['prompt'] }, { path: ['messages'] }]);
  });
});
