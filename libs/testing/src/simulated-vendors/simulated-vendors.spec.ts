import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../wait-until.ts';
import { type SimulatedVendors, startSimulatedVendors } from './simulated-vendors.ts';
import { failureKinds } from './turn/failure.ts';
import { behaviours } from './turn/scenario.ts';
import { type VendorName, vendorNames } from './vendor.ts';
import { weatherParameters } from './weather-tool.ts';

let vendors: SimulatedVendors;

beforeAll(async () => {
  vendors = await startSimulatedVendors();
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

interface Ask {
  readonly path: (model: string, stream: boolean) => string;
  readonly body: (model: string, stream: boolean) => object;
  readonly headers: Readonly<Record<string, string>>;
}

const text = 'How does water flow?';
const tool = { name: 'get_weather', parameters: weatherParameters };
const chat = (model: string, stream: boolean) => ({
  model,
  stream,
  messages: [{ role: 'user', content: text }],
  tools: [{ type: 'function', function: tool }],
});
const bearer = { authorization: 'Bearer secret-key' };

/** The same question, with a tool, in the words of each vendor. */
const asks: Readonly<Record<VendorName, Ask>> = {
  anthropic: {
    path: () => '/v1/messages',
    body: (model, stream) => ({
      model,
      stream,
      max_tokens: 500,
      messages: [{ role: 'user', content: text }],
      tools: [{ name: tool.name, input_schema: tool.parameters }],
    }),
    headers: { 'x-api-key': 'secret-key', 'anthropic-version': '2026-10-21' },
  },
  azure: { path: () => '/openai/v1/chat/completions', body: chat, headers: { 'api-key': 'secret-key' } },
  bedrock: {
    path: (model, stream) => `/model/${model}/${stream ? 'converse-stream' : 'converse'}`,
    body: () => ({
      messages: [{ role: 'user', content: [{ text }] }],
      toolConfig: { tools: [{ toolSpec: { name: tool.name, inputSchema: { json: tool.parameters } } }] },
    }),
    headers: bearer,
  },
  gemini: {
    path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: () => ({
      contents: [{ role: 'user', parts: [{ text }] }],
      tools: [{ functionDeclarations: [{ name: tool.name, parametersJsonSchema: tool.parameters }] }],
    }),
    headers: { 'x-goog-api-key': 'secret-key' },
  },
  mistral: { path: () => '/v1/chat/completions', body: chat, headers: bearer },
  openai: { path: () => '/v1/chat/completions', body: chat, headers: bearer },
  vllm: { path: () => '/v1/chat/completions', body: chat, headers: bearer },
};

const send = (vendor: VendorName, model: string, stream: boolean, signal: AbortSignal | null = null) => {
  const { path, body, headers } = asks[vendor];
  const init = { method: 'POST', headers, body: JSON.stringify(body(model, stream)), signal };
  return fetch(`${vendors.urls[vendor]}${path(model, stream)}`, init);
};

describe.each([...vendorNames])('every scenario at %s', (vendor) => {
  it.each([...behaviours])('%s', async (behaviour) => {
    for (const stream of [true, false]) {
      const response = await send(vendor, `sim-${behaviour}`, stream).catch((error: Error) => error);
      const received = response instanceof Error ? null : await response.text().catch(() => null);
      const entry = vendors.ledger.last(vendor);
      const breaks = behaviour === 'cut';
      expect({ violations: entry?.violations, broken: received === null }).toEqual({ violations: [], broken: breaks });
      expect(entry).toMatchObject({ scenario: `sim-${behaviour}`, model: `sim-${behaviour}`, streamed: stream });
      if (behaviour !== 'error-first-event') expect(entry?.usage?.output).toBeGreaterThanOrEqual(0);
      const isWhole = !behaviour.startsWith('error') && !['cut', 'truncated'].includes(behaviour);
      if (isWhole) expect(entry).toMatchObject({ finished: true });
    }
  });

  it.each([...failureKinds])('error-%s', async (kind) => {
    const response = await send(vendor, `sim-error-${kind}`, true);
    const received = await response.text();
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(received.startsWith('<html>')).toBe(kind === 'html');
    if (kind !== 'html') expect(JSON.parse(received)).toEqual(expect.any(Object));
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('sends the same bytes in pieces of seven', async () => {
    const [pieces, whole] = await Promise.all([send(vendor, 'sim-split', true), send(vendor, 'sim-text', true)]);
    const sizes: number[] = [];
    for await (const chunk of pieces.body as unknown as AsyncIterable<Uint8Array>) sizes.push(chunk.length);
    const total = (await whole.arrayBuffer()).byteLength;
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(total / 2);
    expect(sizes.length).toBeGreaterThan(total / 100);
  });
});

describe('the ledger', () => {
  it('keeps requests without their credentials, and shows them by HTTP', async () => {
    await (await send('openai', 'sim-text', false)).text();
    await (await send('anthropic', 'sim-text', false)).text();
    const response = await fetch(`${vendors.urls.gemini}/__ledger`);
    const shown = (await response.json()) as { entries: { vendor: string; body: object }[]; violations: object[] };
    expect(shown.entries.map((entry) => entry.vendor)).toEqual(['openai', 'anthropic']);
    expect(shown.entries[0]?.body).toEqual(asks.openai.body('sim-text', false));
    expect(JSON.stringify(shown)).not.toContain('secret-key');
    await fetch(`${vendors.urls.gemini}/__reset`, { method: 'POST' });
    expect(vendors.ledger.entries).toEqual([]);
  });

  it('sees a caller leave', async () => {
    const abort = new AbortController();
    const response = await send('openai', 'sim-slow', true, abort.signal);
    await response.body?.getReader().read();
    abort.abort();
    const entry = await waitUntil('the abort', () => vendors.ledger.entries.find(({ aborted }) => aborted));
    expect(entry).toMatchObject({ scenario: 'sim-slow', finished: false });
  });
});

describe('keys', () => {
  it('are checked where they are given, which is no violation', async () => {
    const strict = await startSimulatedVendors({ keys: { mistral: 'another-key' } });
    try {
      const { path, body, headers } = asks.mistral;
      const url = `${strict.urls.mistral}${path('', false)}`;
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body('sim-text', false)) });
      expect(response.status).toBe(401);
      expect(strict.ledger.violations).toEqual([]);
    } finally {
      await strict.stop();
    }
  });
});
