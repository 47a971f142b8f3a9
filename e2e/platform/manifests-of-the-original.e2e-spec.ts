import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApplyResult } from '@penstock/contracts';
import {
  hopKeyOf,
  originalMultiProvider,
  originalProviders,
  type OriginalManifest,
  type SimulatedVendors,
  startSimulatedVendors,
  type VendorName,
} from '@penstock/testing';
import { openPlatform } from '../support/platform.ts';
import { untilAllCurrent } from '../support/scenario.ts';

const platform = openPlatform();
const { controlPlane, gateway, adminToken } = platform.ready;
const VENDORS: Readonly<Record<string, VendorName>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  'azure-openai': 'azure',
  mistral: 'mistral',
  gemini: 'gemini',
  bedrock: 'bedrock',
};
/** What the header says, and the vendor that it means. */
const CHOICES = Object.entries(VENDORS);
let vendors: SimulatedVendors;
let consumerKey = '';

interface ProviderSpec {
  readonly upstream: { readonly url: string };
}

/** The provider at its simulated vendor, with the path of its own URL. */
function simulated(manifest: OriginalManifest): OriginalManifest {
  const spec = manifest.spec as ProviderSpec;
  const vendor = VENDORS[manifest.metadata.name.replace(/-provider$/, '')];
  if (!vendor) throw new Error(`no vendor stands in for ${manifest.metadata.name}`);
  const { pathname } = new URL(spec.upstream.url);
  const url = vendors.urls[vendor] + (pathname === '/' ? '' : pathname);
  return { ...manifest, spec: { ...spec, upstream: { ...spec.upstream, url } } };
}

/** Simulated vendors know only models whose names say what they are to do. */
function withKnownModels(manifest: OriginalManifest): OriginalManifest {
  const text = JSON.stringify(manifest);
  return JSON.parse(text.replaceAll(/("params":\{"model":"[^"]+)"/g, '$1-sim-text"')) as OriginalManifest;
}

/** The key of a provider that the proxy shows it. */
const hopKey = ({ metadata: { name } }: OriginalManifest): OriginalManifest => ({
  apiVersion: 'gateway.api-platform.wso2.com/v1',
  kind: 'ApiKey',
  metadata: { name: `${name}-hop` },
  spec: { parentRef: { kind: 'LlmProvider', name }, apiKey: hopKeyOf(name) },
});

async function apply(manifests: readonly OriginalManifest[]): Promise<ApplyResult> {
  const result = await platform.admin.post<ApplyResult>('/manifests/apply', manifests);
  await untilAllCurrent(platform.admin);
  return result;
}

beforeAll(async () => {
  vendors = await startSimulatedVendors();
  const { items } = await apply([
    ...originalMultiProvider.map(withKnownModels),
    ...originalProviders.map(hopKey),
    ...originalProviders.map(simulated),
  ]);
  consumerKey = items.find(({ name }) => name === 'openai-multi-consumer-key')?.revealed?.['key'] ?? '';
});
afterAll(async () => {
  const names = originalProviders.map(({ metadata }) => `llm-providers/${metadata.name}`);
  for (const path of ['llm-proxies/openai-multi', ...names]) {
    const headers = { authorization: `Bearer ${adminToken}` };
    expect((await fetch(`${controlPlane}/api/v1/${path}`, { method: 'DELETE', headers })).status).toBe(204);
  }
  await vendors.stop();
});

interface Asked {
  readonly key?: string;
  readonly provider?: string;
  readonly path?: string;
  readonly stream?: boolean;
}

async function ask({ key = consumerKey, provider, path = '/openai-multi/chat/completions', stream }: Asked = {}) {
  const before = vendors.ledger.entries.length;
  const response = await fetch(gateway + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== '' && { 'x-api-key': key }),
      ...(provider !== undefined && { 'x-provider': provider }),
    },
    body: JSON.stringify({
      model: 'gpt-4o-sim-text',
      max_tokens: 64,
      messages: [{ role: 'user', content: 'Hello' }],
      ...(stream && { stream }),
    }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const entries = vendors.ledger.entries.slice(before);
  return { status: response.status, text, entries, asked: entries.map(({ vendor }) => vendor) };
}

describe("A9: the original's example of one proxy over six vendors", () => {
  it.each(CHOICES)('A9: x-provider: %s asks that vendor, in its own dialect', async (provider, vendor) => {
    const { status, text, asked, entries } = await ask({ provider });
    expect({ status, asked, text }).toMatchObject({ status: 200, asked: [vendor] });
    const { choices } = JSON.parse(text) as { choices: { message: { content: string } }[] };
    expect(choices[0]?.message.content).toMatch(/./);
    expect(entries.flatMap(({ violations }) => violations)).toEqual([]);
    // Neither the caller's key nor the one that the proxy shows the provider is the vendor's business.
    const seen = JSON.stringify(entries);
    expect(seen).not.toContain(consumerKey);
    expect(seen).not.toContain('LOOPBACK');
  });

  it.each(CHOICES.filter(([name]) => name !== 'openai'))('A9: streams from %s', async (provider, vendor) => {
    const { status, text, asked } = await ask({ provider, stream: true });
    expect({ status, asked }).toEqual({ status: 200, asked: [vendor] });
    expect(text).toMatch(/^data: .*"choices"/);
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('A9: without the header the default is asked', async () => {
    expect(await ask()).toMatchObject({ status: 200, asked: ['openai'] });
  });

  it('A9: the proxy asks for the key that was made with it', async () => {
    expect(await ask({ key: '' })).toMatchObject({ status: 401, asked: [] });
    const ofProvider = await ask({ key: hopKeyOf('openai-provider') });
    expect([ofProvider.status, ofProvider.asked]).toEqual([401, []]);
  });

  it('G4: a key of a provider that is revoked closes that provider to the proxy, and no other one', async () => {
    const path = `${controlPlane}/api/management/v1/llm-providers/mistral-provider/api-keys/mistral-provider-hop`;
    const { status } = await fetch(path, { method: 'DELETE', headers: { authorization: `Bearer ${adminToken}` } });
    expect(status).toBe(200);
    await untilAllCurrent(platform.admin);
    const closed = await ask({ provider: 'mistral' });
    expect([closed.status >= 400, closed.asked]).toEqual([true, []]);
    expect(await ask({ provider: 'gemini' })).toMatchObject({ status: 200, asked: ['gemini'] });
    await apply(originalProviders.filter(({ metadata }) => metadata.name === 'mistral-provider').map(hopKey));
    expect(await ask({ provider: 'mistral' })).toMatchObject({ status: 200, asked: ['mistral'] });
  });
});
