import { randomBytes } from 'node:crypto';
import { waitUntil } from '@penstock/testing';
import type { AdminApi } from './admin-api.ts';
import { GatewayClient } from './gateway-client.ts';
import type { UpstreamUnderTest } from './upstream-under-test.ts';

/** Models of a scenario's proxy, as callers name them. */
export const models = { chat: 'chat', other: 'other', embeddings: 'embeddings' } as const;

/** An application with a key of its own. */
export interface Caller {
  readonly keyName: string;
  readonly key: string;
  readonly client: GatewayClient;
}

/** A provider, a proxy at a path of its own and a key, all made through the admin API: what one test file works with. */
export interface Scenario extends Caller {
  readonly providerName: string;
  readonly proxyName: string;
  /** What an OpenAI client is given as its base URL. */
  readonly baseUrl: string;
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
  const baseUrl = `${gateway}/${name}/v1`;
  const caller = await createCaller({ admin, baseUrl }, { limits });
  return { providerName: name, proxyName: name, baseUrl, ...caller };
}

/** Limits and models of a key; no limits and all models unless told. */
export interface CallerRights {
  readonly limits?: readonly object[];
  readonly models?: readonly string[];
}

/** Makes a key and waits until every gateway process knows it. */
export async function createCaller(
  { admin, baseUrl }: { readonly admin: AdminApi; readonly baseUrl: string },
  { limits = [], models: allowed = ['*'] }: CallerRights = {},
): Promise<Caller> {
  const keyName = uniqueName('key');
  if (limits.length > 0) await admin.createQuota(keyName, limits);
  const key = await admin.createKey(keyName, { quotas: limits.length > 0 ? [keyName] : [], models: allowed });
  await untilAllCurrent(admin);
  return { keyName, key, client: new GatewayClient(baseUrl, key) };
}

/** Resolves when every gateway process that lives has applied the newest configuration. */
export async function untilAllCurrent(admin: AdminApi): Promise<void> {
  const isCurrent = async (): Promise<boolean> => {
    const live = (await admin.gatewayInstances()).filter(({ state }) => state === 'live');
    return live.length > 0 && live.every(({ current }) => current);
  };
  await waitUntil('all gateways to apply the newest configuration', isCurrent);
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
