import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApplyResult } from '@penstock/contracts';
import {
  type SimulatedVendors,
  simulatedAwsCredentials,
  startSimulatedVendors,
  type VendorName,
} from '@penstock/testing';
import { type Example, type ExampleDocument, readExamples } from '../support/examples.ts';
import { openPlatform } from '../support/platform.ts';
import { untilAllCurrent } from '../support/scenario.ts';

const platform = openPlatform();
const examples = readExamples();
let vendors: SimulatedVendors;
beforeAll(async () => {
  vendors = await startSimulatedVendors();
});
afterAll(() => vendors.stop());

const VENDOR_OF: Readonly<Record<string, VendorName>> = {
  openai: 'openai',
  'azure-openai': 'azure',
  'azureai-foundry': 'azure',
  anthropic: 'anthropic',
  mistralai: 'mistral',
  gemini: 'gemini',
  awsbedrock: 'bedrock',
  vllm: 'vllm',
  'openai-compatible': 'openai',
};
/** Where each kind of document lies. */
const PATHS: Readonly<Record<string, string>> = {
  VirtualKey: 'virtual-keys',
  LlmProxy: 'llm-proxies',
  ModelPrice: 'model-prices',
  LlmProvider: 'llm-providers',
  Team: 'teams',
  Quota: 'quotas',
};

/** An example that is applied. */
interface Applied {
  readonly url: string;
  readonly key: string;
  /** The secrets of its API keys, by their names. */
  readonly apiKeys: Readonly<Record<string, string>>;
  /** What a caller may ask for first. */
  readonly model: string;
}

/** The provider at a simulated vendor, with the path of its own URL; `scenarios` says what its models do, by its name. */
function simulated(document: ExampleDocument, scenarios: Readonly<Record<string, string>>): ExampleDocument {
  const { kind, metadata, spec } = document;
  if (kind !== 'LlmProvider' || !spec.upstream) return document;
  const vendor = VENDOR_OF[spec.template ?? ''];
  if (!vendor) throw new Error(`no vendor stands in for ${spec.template}`);
  const { pathname } = new URL(spec.upstream.url);
  const url = vendors.urls[vendor] + (pathname === '/' ? '' : pathname);
  const { accessKeyId, secretAccessKey } = simulatedAwsCredentials;
  const { auth } = spec.upstream;
  const signs = vendor === 'bedrock' ? { value: `${accessKeyId}:${secretAccessKey}` } : {};
  const scenario = scenarios[metadata.name] ?? 'sim-text';
  const models = (spec.models ?? []).map((model) => ({
    ...model,
    upstreamModel: `${model.upstreamModel ?? model.id}-${scenario}`,
  }));
  return {
    ...document,
    spec: { ...spec, models, upstream: { ...spec.upstream, url, ...(auth && { auth: { ...auth, ...signs } }) } },
  };
}

async function apply({ documents }: Example, scenarios: Readonly<Record<string, string>> = {}): Promise<Applied> {
  const sent = documents.map((document) => simulated(document, scenarios));
  const { items } = await platform.admin.post<ApplyResult>('/manifests/apply', sent);
  await untilAllCurrent(platform.admin);
  const made = items.map(({ kind, name, revealed }) => ({ kind, name, key: revealed?.['key'] ?? '' }));
  const apiKeys = made.filter(({ kind }) => kind === 'ApiKey').map(({ name, key }) => [name, key] as const);
  const key = made.find(({ kind }) => kind === 'VirtualKey')?.key ?? '';
  return { ...doorOf(documents), key, apiKeys: Object.fromEntries(apiKeys) };
}

/** Where an example is reached, and what can be asked for there. */
function doorOf(documents: readonly ExampleDocument[]): Pick<Applied, 'url' | 'model'> {
  const proxy = documents.find(({ kind }) => kind === 'LlmProxy');
  const provider = documents.find(
    (one) => one.kind === 'LlmProvider' && one.metadata.name === proxy?.spec.provider?.id,
  );
  const model = proxy?.spec.models?.[0]?.name ?? provider?.spec.models?.[0]?.id;
  if (!proxy || !model) throw new Error('the example lacks a proxy or a model');
  return { url: platform.ready.gateway + proxy.spec.context, model };
}

/** Takes away what an example made, what refers to others first. */
async function remove({ documents }: Example): Promise<void> {
  for (const [kind, path] of Object.entries(PATHS)) {
    for (const document of documents.filter((one) => one.kind === kind)) {
      const url = `${platform.ready.controlPlane}/api/v1/${path}/${document.metadata.name}`;
      const headers = { authorization: `Bearer ${platform.ready.adminToken}` };
      const { status } = await fetch(url, { method: 'DELETE', headers });
      expect([path, document.metadata.name, status]).toEqual([path, document.metadata.name, 204]);
    }
  }
}

async function chat({ url, key, model }: Applied, content = 'Hello', headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, max_tokens: 64, messages: [{ role: 'user', content }] }),
  });
  const body = (await response.json()) as { choices?: { message: { content: string } }[]; error?: { code: string } };
  return { status: response.status, text: body.choices?.[0]?.message.content ?? '', error: body.error };
}

const named = (name: string): Example => {
  const found = examples.find((example) => example.name === name);
  if (!found) throw new Error(`there is no example ${name}`);
  return found;
};
/** Works with an example, and takes it away again. */
async function withExample(name: string, work: (applied: Applied) => Promise<void>, scenarios = {}): Promise<void> {
  const example = named(name);
  try {
    await work(await apply(example, scenarios));
  } finally {
    await remove(example);
  }
}
/** The vendors that were asked since, in their order. */
const askedSince = (count: number): readonly VendorName[] =>
  vendors.ledger.entries.slice(count).map(({ vendor }) => vendor);

describe('the examples', () => {
  it.each(examples.map(({ name }) => name))('%s is served as it stands, with a simulated vendor', async (name) => {
    await withExample(name, async (applied) => {
      const before = vendors.ledger.entries.length;
      expect(await chat(applied)).toMatchObject({ status: 200, text: expect.stringMatching(/./) });
      expect(askedSince(before)).toHaveLength(1);
      expect(vendors.ledger.entries.slice(before).flatMap(({ violations }) => violations)).toEqual([]);
    });
  });

  it('multi-provider: the header chooses the vendor', async () => {
    await withExample('multi-provider', async (applied) => {
      for (const [value, vendor] of [
        ['claude', 'anthropic'],
        ['google', 'gemini'],
        ['', 'openai'],
      ] as const) {
        const before = vendors.ledger.entries.length;
        expect((await chat(applied, 'Hello', value ? { 'x-vendor': value } : {})).status).toBe(200);
        expect([value, ...askedSince(before)]).toEqual([value, vendor]);
      }
    });
  });

  it('fallback: the second vendor answers when the first is overloaded', async () => {
    const scenarios = { 'example-fallback-openai': 'sim-error-overloaded' };
    await withExample(
      'fallback',
      async (applied) => {
        const before = vendors.ledger.entries.length;
        expect((await chat(applied)).status).toBe(200);
        expect(new Set(askedSince(before))).toEqual(new Set(['openai', 'anthropic']));
      },
      scenarios,
    );
  });

  it('weighted: both vendors answer, the heavier one more often', async () => {
    await withExample('weighted', async (applied) => {
      const before = vendors.ledger.entries.length;
      for (let sent = 0; sent < 40; sent++) expect((await chat(applied)).status).toBe(200);
      const asked = askedSince(before);
      const heavy = asked.filter((vendor) => vendor === 'openai').length;
      // 40 draws of 3/4: fewer than 17 or none for the lighter one would happen once in 100,000 runs.
      expect(heavy).toBeGreaterThan(16);
      expect(asked.length - heavy).toBeGreaterThan(0);
    });
  });

  it('vllm-pool: the requests of a session stay at one server, and sessions are spread over all', async () => {
    // The names of their models tell the servers apart.
    const scenarios = { 'example-pool-b': 'sim-echo', 'example-pool-c': 'sim-cached' };
    const work = async (applied: Applied): Promise<void> => {
      const before = vendors.ledger.entries.length;
      for (let sent = 0; sent < 4; sent++) await chat(applied, 'Hello', { 'x-session-id': 'one' });
      const servers = (since: number) => vendors.ledger.entries.slice(since).map(({ scenario }) => scenario);
      expect(servers(before)).toHaveLength(4);
      expect(new Set(servers(before)).size).toBe(1);
      for (let sent = 0; sent < 24; sent++) await chat(applied, 'Hello', { 'x-session-id': `session ${sent}` });
      expect(new Set(servers(before))).toEqual(new Set(['sim-text', 'sim-echo', 'sim-cached']));
    };
    await withExample('vllm-pool', work, scenarios);
  });

  it('guarded: what looks like a card number reaches no vendor', async () => {
    await withExample('guarded', async (applied) => {
      const before = vendors.ledger.entries.length;
      expect((await chat(applied, 'My card is 4111 1111 1111 1111')).status).toBe(422);
      expect(askedSince(before)).toEqual([]);
    });
  });

  it('provider-context: the provider is open to its own keys without the proxy, for what it lets through', async () => {
    await withExample('provider-context', async ({ apiKeys, key, model }) => {
      const ask = async (path: string, shown: string): Promise<number> => {
        const response = await fetch(`${platform.ready.gateway}/example-direct${path}`, {
          method: 'POST',
          headers: { 'x-api-key': shown, 'content-type': 'application/json' },
          body: JSON.stringify({ model, max_tokens: 64, messages: [{ role: 'user', content: 'Hello' }] }),
        });
        await response.text();
        return response.status;
      };
      const own = apiKeys['example-direct-caller'] ?? '';
      const before = vendors.ledger.entries.length;
      expect(await ask('/chat/completions', own)).toBe(200);
      expect(askedSince(before)).toEqual(['openai']);
      expect(await ask('/embeddings', own)).toBe(404);
      expect(await ask('/chat/completions', key)).toBeGreaterThan(400);
      expect(askedSince(before)).toEqual(['openai']);
    });
  });

  it('cached: the same request is answered once by the vendor', async () => {
    await withExample('cached', async (applied) => {
      const before = vendors.ledger.entries.length;
      const first = await chat(applied);
      expect(await chat(applied)).toEqual(first);
      expect(askedSince(before)).toEqual(['openai']);
    });
  });

  it('quotas-and-budgets: limits hold what they say', async () => {
    await withExample('quotas-and-budgets', async () => {
      const { items } = await platform.admin.get<{ items: { subject: string; unit: string }[] }>(
        '/virtual-keys/example-budget-app/limits',
      );
      expect(items.map(({ subject, unit }) => `${subject}: ${unit}`)).toEqual([
        'VirtualKey example-budget-app: requests',
        'VirtualKey example-budget-app: tokens',
        'VirtualKey example-budget-app: concurrency',
        'Team example-crew, VirtualKey example-budget-app: cost',
        'Team example-crew: cost',
      ]);
    });
  });
});

describe('the files of the examples', () => {
  it('G1: hold nothing that looks like a credential', () => {
    expect(examples.length).toBeGreaterThan(10);
    for (const { name, documents, text } of examples) {
      for (const { spec } of documents) {
        const value = spec.upstream?.auth?.value;
        if (value !== undefined)
          expect([name, value]).toEqual([name, expect.stringMatching(/^(Bearer )?REPLACE_WITH_/)]);
      }
      expect(text).not.toMatch(/\b(sk-|pat_|psk_|AKIA|AIza|eyJ)[A-Za-z0-9_-]{4,}/);
      // Longer than any name: a key, a hash, a token.
      expect(text.replaceAll(/REPLACE_WITH_[A-Z_]+/g, '').match(/[A-Za-z0-9+/]{33,}/g)).toBeNull();
    }
  });

  it('G3: name a URL wherever they name an upstream', () => {
    const upstreams = examples.flatMap(({ documents }) => documents.filter(({ kind }) => kind === 'LlmProvider'));
    expect(upstreams.length).toBeGreaterThan(examples.length);
    for (const { spec } of upstreams) expect(() => new URL(spec.upstream?.url ?? '')).not.toThrow();
  });

  it('G5: Mistral takes "Bearer " before its key', () => {
    const values = named('mistralai').documents.flatMap(({ spec }) => spec.upstream?.auth?.value ?? []);
    expect(values).toEqual(['Bearer REPLACE_WITH_MISTRAL_API_KEY']);
  });
});
