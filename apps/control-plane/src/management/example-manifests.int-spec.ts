import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  originalIllustration,
  originalManagedSecret,
  originalManifests,
  originalMultiProvider,
  type OriginalManifest,
} from '@penstock/testing';
import { stringify } from 'yaml';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

const BASE = '/api/management/v1';
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const call = (method: 'GET' | 'POST', path: string, options: object = {}) =>
  app.fetch(method, `${BASE}${path}`, options);

const EXAMPLES = [
  {
    name: 'openai-provider',
    templateName: 'openai',
    url: 'https://api.openai.com/v1',
    credential: { header: 'Authorization', value: 'Bearer <key>' },
    path: '/chat/completions',
  },
  {
    name: 'anthropic-provider',
    templateName: 'anthropic',
    url: 'https://api.anthropic.com',
    credential: { header: 'x-api-key', value: '<key>' },
    path: '/v1/messages',
  },
  {
    name: 'azure-openai-provider',
    templateName: 'azure-openai',
    url: 'https://example.openai.azure.com',
    credential: { header: 'api-key', value: '<key>' },
    path: '/openai/deployments/{deployment}/chat/completions',
  },
  {
    name: 'gemini-provider',
    templateName: 'gemini',
    url: 'https://generativelanguage.googleapis.com',
    credential: { header: 'x-goog-api-key', value: '<key>' },
    path: '/v1beta/models/{model}:generateContent',
  },
  {
    name: 'mistral-provider',
    templateName: 'mistralai',
    url: 'https://api.mistral.ai',
    credential: { header: 'Authorization', value: 'Bearer <key>' },
    path: '/v1/chat/completions',
  },
  {
    name: 'bedrock-provider',
    templateName: 'awsbedrock',
    url: 'https://bedrock-runtime.us-east-1.amazonaws.com',
    credential: { header: 'Authorization', value: 'Bearer <key>' },
    path: '/model/{modelId}/converse',
  },
] as const;

describe('A9: example manifests', () => {
  it.each(EXAMPLES)('A9: $name loads as it is written', async ({ name, templateName, url, credential, path }) => {
    const manifest = `
apiVersion: gateway.api-platform.wso2.com/v1alpha1
kind: LlmProvider
metadata:
  name: ${name}
spec:
  displayName: ${name}
  version: v1.0
  template: ${templateName}
  upstream:
    url: ${url}
    auth:
      type: api-key
      header: ${credential.header}
      value: ${credential.value}
  accessControl:
    mode: deny_all
    exceptions:
      - path: ${path}
        methods: [POST]
`;
    const headers = { 'content-type': 'application/yaml' };
    const { status, body } = await call('POST', '/llm-providers', { body: manifest, headers });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { spec: { template: templateName, upstream: { url } } },
    });
    expect(body.spec.accessControl).toEqual({ mode: 'deny_all', exceptions: [{ path, methods: ['POST'] }] });
  });

  it('A9: a template of its own loads as it is written', async () => {
    const at = (location: string, identifier: string) => ({ location, identifier });
    const spec = {
      displayName: 'Of its own',
      promptTokens: at('payload', '$.usage.prompt_tokens'),
      completionTokens: at('payload', '$.usage.completion_tokens'),
      totalTokens: at('payload', '$.usage.total_tokens'),
      remainingTokens: at('header', 'x-ratelimit-remaining-tokens'),
      requestModel: at('pathParam', 'models/([a-zA-Z0-9.-]+)'),
      responseModel: at('queryParam', 'model'),
      resourceMappings: {
        resources: [{ resource: '/responses', promptTokens: at('payload', '$.usage.input_tokens') }],
      },
    };
    const { status, body } = await call('POST', '/llm-provider-templates', {
      body: documents.template('of-its-own', spec),
    });
    expect({ status, body }).toMatchObject({ status: 201, body: { spec } });
  });
});

const apply = (manifests: readonly OriginalManifest[]) =>
  app.call('POST', '/manifests/apply', {
    body: manifests.map((manifest) => stringify(manifest)).join('---\n'),
    headers: { 'content-type': 'application/yaml' },
  });
const countOf = (manifests: readonly OriginalManifest[]) =>
  manifests.filter(({ apiVersion }) => apiVersion !== 'v1').length;

describe('A9: example manifests in one file', () => {
  it('A9: load unchanged in any order, and again', async () => {
    const first = await apply(originalManifests.toReversed());
    expect(first.body.errors).toBeUndefined();
    const created = first.body.items.filter(({ result }: { result: string }) => result === 'created');
    // The providers were loaded alone before.
    expect([first.status, first.body.items.length, created.length]).toEqual([
      200,
      countOf(originalManifests),
      countOf(originalManifests) - EXAMPLES.length,
    ]);
    const again = await apply(originalManifests);
    expect(again.body.items.map(({ result }: { result: string }) => result)).toEqual(
      Array.from({ length: countOf(originalManifests) }, () => 'unchanged'),
    );
    const { text } = await app.call('GET', '/manifests/export');
    expect(text).not.toContain('REPLACE_');
  });

  it('A9: the proxy over six vendors has all it says, but for its secrets', async () => {
    const { body } = await call('GET', '/llm-proxies/openai-multi');
    const hop = { type: 'api-key', header: 'X-API-Key' };
    expect(body.spec).toMatchObject({ context: '/openai-multi', provider: { id: 'openai-provider', auth: hop } });
    expect(body.spec.additionalProviders).toHaveLength(5);
    for (const { auth, transformer } of body.spec.additionalProviders) {
      expect([auth, transformer.version]).toEqual([hop, 'v1']);
    }
    const written = originalMultiProvider.find(({ kind }) => kind === 'LlmProxy')?.spec;
    expect(written).toMatchObject({ policies: body.spec.policies });
    expect((await call('GET', '/llm-proxies/openai-multi/api-keys')).body.apiKeys).toMatchObject([
      { name: 'openai-multi-consumer-key', status: 'active' },
    ]);
  });

  it('G2: every path that a provider lets through asks for a key', async () => {
    const { body } = await call('GET', '/llm-providers');
    const guarded = body.providers.filter(({ spec }: { spec: { policies: object[] } }) => spec.policies.length > 0);
    expect(guarded).toHaveLength(EXAMPLES.length);
    for (const { spec } of guarded) {
      const asked = spec.policies[0].paths.map(({ path, methods }: { path: string; methods: string[] }) => ({
        path,
        methods,
      }));
      expect(asked).toEqual(spec.accessControl.exceptions);
    }
  });

  it('A9: a proxy with policies that do not exist is refused with the name of each', async () => {
    const { status, body } = await apply([originalIllustration]);
    expect(status).toBe(400);
    expect(body.errors.map(({ message }: { message: string }) => message)).toEqual([
      "unknown policy 'semanticPromptGuard'",
      "unknown policy 'multiModelRouting'",
      "unknown policy 'multiProviderRouting'",
      "unknown policy 'oAuth'",
    ]);
    expect(body.errors[3].field).toBe('spec.policies[3].name');
  });

  it('A9: a ManagedSecret takes its value from a Secret of Kubernetes beside it, and from nowhere else', async () => {
    const [managed, kubernetes] = originalManagedSecret;
    if (!managed || !kubernetes) throw new Error('the set lacks a document');
    const stored = await app.call('GET', '/secrets/openai-api-key');
    expect(stored.body).toMatchObject({ kind: 'Secret', spec: { displayName: 'openai-api-key' } });
    expect((await app.call('GET', '/secrets/openai-credentials')).status).toBe(404);
    const other = { ...kubernetes, stringData: { 'api-key': 'another' } };
    expect((await apply([managed, other])).body.items).toMatchObject([
      { kind: 'Secret', name: 'openai-api-key', result: 'changed', changes: [{ field: 'spec.value', secret: true }] },
    ]);
    const { body } = await apply([managed]);
    expect(body.errors).toMatchObject([
      {
        field: 'spec.value.valueFrom',
        message: "there is no Kubernetes Secret 'openai-credentials' with the key 'api-key' among these documents",
      },
    ]);
  });
});
