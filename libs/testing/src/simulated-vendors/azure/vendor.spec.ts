import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, { AzureOpenAI } from 'openai';
import { parseSse } from '../../read-sse.ts';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';

let vendors: SimulatedVendors;
let client: AzureOpenAI;

beforeAll(async () => {
  vendors = await startSimulatedVendors({ keys: { azure: 'secret' } });
  client = new AzureOpenAI({ endpoint: vendors.urls.azure, apiKey: 'secret', apiVersion: '2024-10-21', maxRetries: 0 });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const messages = [{ role: 'user' as const, content: 'How does water flow?' }];

const post = (path: string, body: object, key = 'secret') =>
  fetch(`${vendors.urls.azure}${path}`, {
    method: 'POST',
    headers: { 'api-key': key },
    body: JSON.stringify({ messages, ...body }),
  });

describe('the Azure simulation', () => {
  it('answers the official SDK: the deployment decides, whatever the body says', async () => {
    const whole = await client.chat.completions.create({ model: 'sim-text', messages });
    const streamed = await client.chat.completions.stream({ model: 'sim-text', messages }).finalChatCompletion();
    expect(vendors.ledger.last()).toMatchObject({
      path: '/openai/deployments/sim-text/chat/completions',
      query: 'api-version=2024-10-21',
    });
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(whole).toMatchObject({
      prompt_filter_results: [{ prompt_index: 0 }],
      choices: [{ content_filter_results: {} }],
    });
    expect((await post('/openai/deployments/sim-echo/chat/completions?api-version=2024-10-21', {})).status).toBe(200);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('begins streams without id, model and choices, and has choices without delta', async () => {
    const response = await post('/openai/deployments/sim-text/chat/completions?api-version=2024-10-21', {
      stream: true,
    });
    const chunks = parseSse(await response.text()).map(({ data }) =>
      data === '[DONE]' ? data : (JSON.parse(data) as { choices: object[] }),
    );
    expect(chunks[0]).toMatchObject({ id: '', model: '', choices: [], prompt_filter_results: [{}] });
    const withoutDelta = chunks.filter(
      (chunk) => typeof chunk === 'object' && chunk.choices.some((choice) => !('delta' in choice)),
    );
    expect(withoutDelta).toMatchObject([{ choices: [{ content_filter_offsets: {} }] }]);
    expect(chunks.at(-1)).toBe('[DONE]');
  });

  it('serves the paths of v1, and Responses beside the deployments', async () => {
    const newer = new OpenAI({ baseURL: `${vendors.urls.azure}/openai/v1`, apiKey: 'secret', maxRetries: 0 });
    expect((await newer.chat.completions.create({ model: 'sim-echo', messages })).choices[0]?.message.content).toBe(
      'How does water flow?',
    );
    expect((await newer.responses.create({ model: 'sim-echo', input: 'a' })).output_text).toBe('a');
    expect((await client.responses.create({ model: 'sim-echo', input: 'b' })).output_text).toBe('b');
    expect((await client.embeddings.create({ model: 'sim-embed', input: 'a' })).data).toHaveLength(1);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('fails as the vendor does', async () => {
    await expect(client.chat.completions.create({ model: 'sim-error-content-filter', messages })).rejects.toMatchObject(
      { status: 400, code: 'content_filter' },
    );
    await expect(client.chat.completions.create({ model: 'prod', messages })).rejects.toMatchObject({
      status: 404,
      code: 'DeploymentNotFound',
    });
    expect(
      (await post('/openai/deployments/sim-text/chat/completions?api-version=2024-10-21', {}, 'wrong')).status,
    ).toBe(401);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('refuses paths without version and options that the version does not know', async () => {
    expect((await post('/openai/deployments/sim-text/chat/completions', {})).status).toBe(404);
    const old = await post('/openai/deployments/sim-text/chat/completions?api-version=2024-02-01', {
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(old.status).toBe(400);
    expect(vendors.ledger.violations).toMatchObject([{ path: ['api-version'] }, { path: ['stream_options'] }]);
  });
});
