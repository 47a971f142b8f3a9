import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import {
  type PrivateRedis,
  type SimulatedVendors,
  startPrivateRedis,
  startSimulatedVendors,
  type VendorName,
} from '@penstock/testing';
import { builtInTemplates } from '../conformance/support/built-in-templates.ts';
import { GatewayProcess } from './support/gateway-process.ts';
import { TestConfig } from './support/test-config.ts';

const messages = [{ role: 'user' as const, content: 'hi' }];
const MODELS = {
  anthropic: 'claude-opus-5-sim-text',
  azure: 'gpt-5.2-sim-text',
  mistral: 'mistral-large-sim-text',
  gemini: 'gemini-2.5-flash-sim-text',
  bedrock: 'anthropic.claude-sim-text',
} as const;
const TEMPLATES = {
  openai: 'openai',
  anthropic: 'anthropic',
  azure: 'azure-openai',
  mistral: 'mistralai',
  gemini: 'gemini',
  bedrock: 'awsbedrock',
} as const;
type Vendor = keyof typeof TEMPLATES;
const vendorNames = Object.keys(TEMPLATES) as Vendor[];

let redis: PrivateRedis;
let vendors: SimulatedVendors;
let gateway: GatewayProcess;
let key: string;

const policy = (
  name: string,
  params: SnapshotPolicy['params'],
  more: Partial<SnapshotPolicy> = {},
): SnapshotPolicy => ({ name, condition: null, params, paths: null, ...more });
const router = policy('llm-header-router', {
  headerName: 'x-vendor',
  defaultProvider: 'openai-provider',
  mappings: vendorNames.map((name) => ({ headerValue: name, provider: `${name}-provider` })),
});
/** As the control plane writes the transformer of an additional provider. */
const transformer = (vendor: string, name: string, params: SnapshotPolicy['params']): SnapshotPolicy =>
  policy(
    name,
    { ...params, providerId: `${vendor}-provider` },
    {
      condition: `'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == '${vendor}-provider'`,
    },
  );

beforeAll(async () => {
  const credentials = Object.fromEntries(vendorNames.map((name) => [name, `key-of-${name}`]));
  const [own, started, templates] = await Promise.all([
    startPrivateRedis(),
    startSimulatedVendors({ keys: credentials }),
    builtInTemplates(),
  ]);
  [redis, vendors] = [own, started];
  const config = new TestConfig();
  const providers = vendorNames.map((name) => {
    const template = templates.get(TEMPLATES[name]);
    if (!template) throw new Error(`there is no template ${TEMPLATES[name]}`);
    const path: Partial<Record<VendorName, string>> = { openai: '/v1' };
    return config.provider(`${name}-provider`, vendors.urls[name] + (path[name] ?? ''), {
      template: TEMPLATES[name],
      dialect: template.dialect,
      credential: { header: template.authHeader, value: template.authValuePrefix + credentials[name] },
      profile: template.profile,
      modelProfiles: template.modelProfiles,
      models: null,
      prices: {},
    });
  });
  config.proxy('inline', '/openai-multi', providers, {
    policies: [
      router,
      transformer('anthropic', 'openai-to-anthropic', { model: MODELS.anthropic }),
      transformer('azure', 'openai-to-azure-openai', { model: MODELS.azure, apiVersion: '2024-02-15-preview' }),
      transformer('mistral', 'openai-to-mistral', { model: MODELS.mistral }),
      transformer('gemini', 'openai-to-gemini', { model: MODELS.gemini, apiVersion: 'v1beta' }),
      transformer('bedrock', 'openai-to-bedrock', { model: MODELS.bedrock }),
    ],
  });
  const listed = (name: string, params: SnapshotPolicy['params']) =>
    policy(name, {}, { paths: [{ path: '/chat/completions', methods: ['POST'], params }] });
  config.proxy('listed', '/listed', providers, {
    policies: [
      router,
      listed('openai-to-anthropic', {
        id: 'Anthropic-Provider',
        upstreamName: 'anthropic-provider',
        model: MODELS.anthropic,
      }),
      listed('openai-to-mistral', { provider: 'mistral-provider', model: MODELS.mistral }),
      listed('openai-to-gemini', { model: 'never-asked' }),
    ],
  });
  const [, anthropic] = providers;
  if (!anthropic) throw new Error('there is no provider');
  config.proxy('single', '/single', [anthropic], {
    policies: [policy('openai-to-anthropic', { model: MODELS.anthropic })],
  });
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  await vendors?.stop();
  await redis?.dispose();
});

beforeEach(() => vendors.reset());

const ask = (context: string, vendor: string | null, more = {}) =>
  gateway.post(
    `${context}/chat/completions`,
    key,
    { model: 'gpt-5.2-sim-text', messages, ...more },
    {
      headers: vendor === null ? {} : { 'x-vendor': vendor },
    },
  );

const EXPECTED: Readonly<
  Record<Vendor, { readonly path: RegExp; readonly credential: string; readonly query: RegExp }>
> = {
  openai: { path: /^\/v1\/chat\/completions$/, credential: 'authorization', query: /^$/ },
  anthropic: { path: /^\/v1\/messages$/, credential: 'x-api-key', query: /^$/ },
  azure: {
    path: /^\/openai\/deployments\/gpt-5\.2-sim-text\/chat\/completions$/,
    credential: 'api-key',
    query: /api-version=2024-02-15-preview/,
  },
  mistral: { path: /^\/v1\/chat\/completions$/, credential: 'authorization', query: /^$/ },
  gemini: {
    path: /^\/v1beta\/models\/gemini-2\.5-flash-sim-text:generateContent$/,
    credential: 'x-goog-api-key',
    query: /^$/,
  },
  bedrock: { path: /^\/model\/anthropic\.claude-sim-text\/converse$/, credential: 'authorization', query: /^$/ },
};

describe.each(vendorNames)('A9, B2–B7: a request that the router sends to %s', (vendor) => {
  const { path, credential, query } = EXPECTED[vendor];

  it('changes provider, path, credential and body, and comes back in the dialect of the caller', async () => {
    const response = await ask('/openai-multi', vendor);
    // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever was answered
    const answer = (await response.json()) as any;
    expect([response.status, answer.object, typeof answer.choices?.[0]?.message.content]).toEqual([
      200,
      'chat.completion',
      'string',
    ]);
    const [entry, ...others] = vendors.ledger.entries;
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      vendor,
      violations: [],
      model: vendor === 'openai' ? 'gpt-5.2-sim-text' : MODELS[vendor],
    });
    expect(entry?.path).toMatch(path);
    expect(entry?.query).toMatch(query);
    expect(entry?.headers[credential]).toBeDefined();
    expect(entry?.headers['x-vendor']).toBeUndefined();
  });

  it('streams in the dialect of the caller', async () => {
    const text = await (await ask('/openai-multi', vendor, { stream: true })).text();
    expect(text).toContain('"object":"chat.completion.chunk"');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(vendors.ledger.entries.map((entry) => [entry.vendor, entry.violations])).toEqual([[vendor, []]]);
  });
});

describe('B2: the gate of a translation policy', () => {
  it('opens for its provider alone, by any of its names and without case', async () => {
    const seen = [];
    for (const vendor of ['anthropic', 'mistral', 'openai']) {
      expect((await ask('/listed', vendor)).status).toBe(200);
      seen.push([vendors.ledger.last()?.vendor, vendors.ledger.last()?.model]);
    }
    expect(seen).toEqual([
      ['anthropic', MODELS.anthropic],
      ['mistral', MODELS.mistral],
      ['openai', 'gpt-5.2-sim-text'],
    ]);
  });

  it('is open where nothing was selected', async () => {
    expect((await ask('/single', null)).status).toBe(200);
    expect(vendors.ledger.last()).toMatchObject({ vendor: 'anthropic', model: MODELS.anthropic });
  });
});
