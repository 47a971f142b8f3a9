import { describe, expect, it } from '@jest/globals';
import { LlmProviderManifest, LlmProxyManifest, VirtualKeyManifest } from '@penstock/contracts';
import { demoKey, demoProvider, demoProxy, providersFromEnvironment } from './first-run-documents.mjs';

const everything = {
  OPENAI_API_KEY: 'sk-openai',
  ANTHROPIC_API_KEY: 'sk-ant',
  GEMINI_API_KEY: 'gemini-key',
  MISTRAL_API_KEY: 'mistral-key',
  VLLM_BASE_URL: 'http://127.0.0.1:8000/v1',
};

describe('the documents of the first run', () => {
  it('are what the control plane accepts', () => {
    const documents = [
      [LlmProviderManifest, demoProvider(8090)],
      [LlmProxyManifest, demoProxy(['openai', 'vllm'])],
      [VirtualKeyManifest, demoKey],
      ...providersFromEnvironment(everything).map((document) => [LlmProviderManifest, document]),
    ];
    for (const [schema, document] of documents) expect(() => schema.parse(document)).not.toThrow();
  });

  it('name a provider for every vendor in the environment', () => {
    const providers = providersFromEnvironment(everything);
    expect(providers.map(({ metadata, spec }) => [metadata.name, spec.upstream.auth?.header ?? null])).toEqual([
      ['openai', 'Authorization'],
      ['anthropic', 'x-api-key'],
      ['gemini', 'x-goog-api-key'],
      ['mistral', 'Authorization'],
      ['vllm', null],
    ]);
  });

  it('name none when the environment is empty', () => {
    expect(providersFromEnvironment({ OPENAI_API_KEY: '' })).toEqual([]);
  });
});
