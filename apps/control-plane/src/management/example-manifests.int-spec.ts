import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
