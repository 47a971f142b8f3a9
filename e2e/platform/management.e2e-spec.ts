import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { openPlatform } from '../support/platform.ts';
import { uniqueName, untilAllCurrent } from '../support/scenario.ts';

const platform = openPlatform();
const { adminEmail, adminPassword, adminToken, controlPlane, gateway } = platform.ready;
const name = uniqueName('managed');
const EXTERNAL_KEY = `portal-${name}-0123456789-0123456789`;

/** What the vendor was shown, newest last. */
const shown: (string | undefined)[] = [];
const vendor: Server = createServer((request: IncomingMessage, response) => {
  shown.push(request.headers.authorization);
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1,
        model: 'gpt-4o',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    );
  });
});
let vendorUrl = '';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** As a program that knows the original: basic auth, and YAML both ways unless told otherwise. */
async function manage(method: string, path: string, yaml?: string, accept = 'application/yaml'): Promise<Answer> {
  const credentials = Buffer.from(`${adminEmail}:${adminPassword}`).toString('base64');
  const response = await fetch(`${controlPlane}/api/management/v1${path}`, {
    method,
    headers: { authorization: `Basic ${credentials}`, accept, 'content-type': 'application/yaml' },
    ...(yaml !== undefined && { body: yaml }),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, text: await response.text() };
}

const secretManifest = (value: string): string => `
apiVersion: gateway.api-platform.wso2.com/v1
kind: Secret
metadata:
  name: ${name}
spec:
  displayName: Key of the vendor
  value: ${value}
`;
const providerManifest = (provider: string, credential: string): string => `
apiVersion: gateway.api-platform.wso2.com/v1alpha1
kind: LlmProvider
metadata:
  name: ${provider}
spec:
  displayName: OpenAI Provider
  version: v1.0
  template: openai
  upstream:
    url: ${vendorUrl}
    auth:
      type: api-key
      header: Authorization
      value: '${credential}'
  accessControl:
    mode: deny_all
    exceptions:
      - path: /chat/completions
        methods: [POST]
`;
const proxyManifest = (proxy: string, provider: string): string => `
apiVersion: gateway.api-platform.wso2.com/v1
kind: LlmProxy
metadata:
  name: ${proxy}
spec:
  displayName: OpenAI Proxy
  version: v1.0
  context: /${proxy}
  provider:
    id: ${provider}
`;

function chat(proxy: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${gateway}/${proxy}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }),
    signal: AbortSignal.timeout(15_000),
  });
}

/** The secret of a new API key of the proxy. */
async function createKey(yaml: string): Promise<string> {
  const { text } = await manage('POST', `/llm-proxies/${name}/api-keys`, yaml, 'application/json');
  return (JSON.parse(text) as { apiKey: { apiKey: string } }).apiKey.apiKey;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  vendorUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  vendor.closeAllConnections();
  vendor.close();
});

describe("the management surface of the original's documents", () => {
  it('A6: takes manifests in YAML, and A7: a key of the proxy opens it', async () => {
    expect((await manage('POST', '/secrets', secretManifest('sk-first'))).status).toBe(201);
    const provider = await manage('POST', '/llm-providers', providerManifest(name, `Bearer {{ secret "${name}" }}`));
    expect(provider.status).toBe(201);
    expect(provider.text).toMatch(/^apiVersion: gateway.api-platform.wso2.com\/v1\nkind: LlmProvider\n/);
    expect(provider.text).toContain(`status:\n  id: ${name}\n  state: deployed\n`);
    expect(provider.text).toContain('    auth:\n      type: api-key\n      header: Authorization\n');
    expect((await manage('POST', '/llm-proxies', proxyManifest(name, name))).status).toBe(201);
    const key = await createKey('name: shop-key');
    await untilAllCurrent(platform.admin);
    const answer = await chat(name, { 'x-api-key': key });
    expect([answer.status, shown.at(-1)]).toEqual([200, 'Bearer sk-first']);
  });

  it('A7: a secret that is rotated is in use at once, everywhere', async () => {
    const body = `apiKey: ${EXTERNAL_KEY}\nname: portal-key\n`;
    expect((await manage('POST', `/llm-proxies/${name}/api-keys`, body)).status).toBe(201);
    expect((await manage('PUT', `/secrets/${name}`, secretManifest('sk-second'))).status).toBe(200);
    await waitUntil('the vendor to be shown the new secret', async () => {
      const { status } = await chat(name, { authorization: `Bearer ${EXTERNAL_KEY}` });
      return status === 200 && shown.at(-1) === 'Bearer sk-second';
    });
    for (const path of ['/secrets', `/secrets/${name}`, `/llm-providers/${name}`]) {
      expect((await manage('GET', path)).text).not.toContain('sk-second');
    }
  });

  it('A7: a key that was made elsewhere opens its proxy, no other one, and nothing once it is revoked', async () => {
    const other = `${name}-other`;
    expect((await manage('POST', '/llm-proxies', proxyManifest(other, name))).status).toBe(201);
    await untilAllCurrent(platform.admin);
    const statuses = async (): Promise<number[]> =>
      Promise.all([name, other].map(async (proxy) => (await chat(proxy, { 'x-api-key': EXTERNAL_KEY })).status));
    expect(await statuses()).toEqual([200, 403]);
    expect((await manage('DELETE', `/llm-proxies/${name}/api-keys/portal-key`)).status).toBe(200);
    await waitUntil('the revoked key to stop', async () => (await statuses()).every((status) => status === 401));
  });

  it('A7: a provider whose reference no gateway can resolve is out alone, with the reason', async () => {
    const broken = `${name}-broken`;
    const credential = '{{ env "PENSTOCK_SECRET_THAT_NOBODY_SET" | required }}';
    expect((await manage('POST', '/llm-providers', providerManifest(broken, credential))).status).toBe(201);
    await untilAllCurrent(platform.admin);
    await waitUntil('a gateway to say why', async () => {
      const { items } = await platform.admin.get<{ items: object[] }>('/gateway-instances');
      return JSON.stringify(items).includes(
        "the environment variable 'PENSTOCK_SECRET_THAT_NOBODY_SET' does not exist",
      );
    });
    const key = await createKey('{}');
    await untilAllCurrent(platform.admin);
    expect((await chat(name, { authorization: `Bearer ${key}` })).status).toBe(200);
    expect((await manage('DELETE', `/llm-providers/${broken}`)).status).toBe(200);
  });

  it('A6: what is in use stays, and goes in its order; a token is as good as a password', async () => {
    const remove = async (path: string): Promise<number> => {
      const response = await fetch(`${controlPlane}/api/management/v1${path}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${adminToken}` },
        signal: AbortSignal.timeout(15_000),
      });
      return response.status;
    };
    expect(await remove(`/secrets/${name}`)).toBe(409);
    expect(await remove(`/llm-providers/${name}`)).toBe(409);
    for (const path of [`/llm-proxies/${name}`, `/llm-proxies/${name}-other`, `/llm-providers/${name}`]) {
      expect(await remove(path)).toBe(200);
    }
    expect(await remove(`/secrets/${name}`)).toBe(204);
    expect((await manage('GET', `/llm-proxies/${name}`)).status).toBe(404);
  });
});
