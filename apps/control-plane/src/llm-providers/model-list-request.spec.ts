import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_TEMPLATES } from '../llm-provider-templates/built-in-templates.ts';
import { modelListRequest, readModelList } from './model-list-request.ts';

const request = (name: string, url: string, apiVersion?: string) =>
  modelListRequest({
    url,
    apiVersion,
    template: { name, spec: BUILT_IN_TEMPLATES.get(name)! },
    credential: { header: 'X-Key', value: 'v' },
  });

describe('the request for models', () => {
  it.each([
    ['openai', 'https://api.openai.com/v1', 'https://api.openai.com/v1/models'],
    ['openai', 'https://api.openai.com', 'https://api.openai.com/v1/models'],
    ['vllm', 'http://127.0.0.1:8000/v1/', 'http://127.0.0.1:8000/v1/models'],
    ['mistralai', 'https://api.mistral.ai', 'https://api.mistral.ai/v1/models'],
    ['anthropic', 'https://api.anthropic.com', 'https://api.anthropic.com/v1/models'],
    ['gemini', 'https://generativelanguage.googleapis.com', 'https://generativelanguage.googleapis.com/v1beta/models'],
    ['azure-openai', 'https://x.openai.azure.com', 'https://x.openai.azure.com/openai/v1/models'],
    ['azureai-foundry', 'https://x.services.ai.azure.com', 'https://x.services.ai.azure.com/openai/v1/models'],
  ])('of %s at %s goes to %s', (name, url, expected) => {
    expect(request(name, url)).toMatchObject({ url: expected, headers: { 'x-key': 'v' } });
  });

  it('of a dated version of Azure OpenAI names the version', () => {
    expect(request('azure-openai', 'https://x.openai.azure.com', '2024-10-21').url).toBe(
      'https://x.openai.azure.com/openai/models?api-version=2024-10-21',
    );
  });

  it('reads lists of either shape and nothing else', () => {
    expect(readModelList('{"data":[{"id":"a"}]}')).toEqual(['a']);
    expect(readModelList('{"models":[{"name":"models/g"}]}')).toEqual(['g']);
    expect(readModelList('{"data":"x"}')).toBeUndefined();
    expect(readModelList('<html>')).toBeUndefined();
  });
});
