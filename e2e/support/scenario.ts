import { randomBytes } from 'node:crypto';
import { waitUntil } from '@penstock/testing';
import type { AdminApi } from './admin-api.ts';
import { GatewayClient } from './gateway-client.ts';
import type { UpstreamUnderTest } from './upstream-under-test.ts';

/** Models of a scenario's proxy, as callers name them. */
export const models = { chat: 'chat', other: 'other', embeddings: 'embeddings' } as const;

/** A provider, a proxy at a path of its own and a key, all made through the admin API: what one test file works with. */
export interface Scenario {
  readonly providerName: string;
  readonly proxyName: string;
  readonly keyName: string;
  readonly key: string;
  /** What an OpenAI client is given as its base URL. */
  readonly baseUrl: string;
  /** With the scenario's key. */
  readonly client: GatewayClient;
}

export interface ScenarioParts {
  readonly admin: AdminApi;
  /** Origin of the gateway. */
  readonly gateway: string;
  readonly upstream: UpstreamUnderTest;
  /** Limits of the key; none unless told. */
  readonly limits?: readonly object[];
}

/** A name that nobody used before. */
export const uniqueName = (word: string): string => `e2e-${word}-${randomBytes(4).toString('hex')}`;

/** Makes everything and waits until the gateway serves it. */
export async function createScenario({ admin, gateway, upstream, limits = [] }: ScenarioParts): Promise<Scenario> {
  const name = uniqueName('scenario');
  const auth = { type: 'api-key', header: 'Authorization', value: `Bearer ${upstream.apiKey}` };
  const targets = targetsOf(upstream);
  await admin.createProvider(name, {
    displayName: 'Upstream under test',
    version: 'v1.0',
    template: 'vllm',
    upstream: { url: upstream.url, ...(upstream.apiKey === null ? {} : { auth }) },
    models: [...new Set(targets.map(([, model]) => model))].map((id) => ({ id })),
  });
  await admin.createProxy(name, {
    displayName: name,
    version: 'v1.0',
    context: `/${name}`,
    provider: { id: name },
    models: targets.map(([alias, model]) => ({ name: alias, targets: [{ provider: name, model }] })),
  });
  if (limits.length > 0) await admin.createQuota(name, limits);
  const key = await admin.createKey(name, { quotas: limits.length > 0 ? [name] : [] });
  const baseUrl = `${gateway}/${name}/v1`;
  const client = new GatewayClient(baseUrl, key);
  await waitUntil('the gateway to serve the scenario', async () => (await client.get('/models')).status === 200);
  return { providerName: name, proxyName: name, keyName: name, key, baseUrl, client };
}

/** Name for callers, and name upstream. */
function targetsOf({ chatModel, embeddingsModel }: UpstreamUnderTest): [string, string][] {
  const targets: [string, string][] = [
    [models.chat, chatModel],
    [models.other, chatModel],
  ];
  if (embeddingsModel !== null) targets.push([models.embeddings, embeddingsModel]);
  return targets;
}
