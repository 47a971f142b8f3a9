import { describe, expect, it } from '@jest/globals';
import type { ModelProfileOverrides } from '@penstock/contracts';
import { BUILT_IN_TEMPLATES } from './built-in-templates.ts';

/** The first profile whose pattern matches, as gateways choose it. */
function profileOf(template: string, model: string): ModelProfileOverrides | undefined {
  const entries = BUILT_IN_TEMPLATES.get(template)?.modelProfiles ?? [];
  const pattern = (match: string) => new RegExp(`^${match.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}$`);
  return entries.find(({ match }) => pattern(match).test(model))?.profile;
}

describe('built-in templates', () => {
  it.each([
    ['openai', 'openai-chat'],
    ['azure-openai', 'openai-chat'],
    ['azureai-foundry', 'openai-chat'],
    ['anthropic', 'anthropic'],
    ['mistralai', 'openai-chat'],
    ['gemini', 'gemini'],
    ['awsbedrock', 'bedrock-converse'],
    ['vllm', 'openai-chat'],
    ['openai-compatible', 'openai-chat'],
  ])('%s speaks %s', (name, dialect) => {
    expect(BUILT_IN_TEMPLATES.get(name)).toMatchObject({ dialect, managedBy: 'penstock', groupId: name });
  });

  it.each([
    ['openai', 'gpt-5.6', { toolsRequireResponses: true, maxTokensField: undefined, maxOutputTokens: 128_000 }],
    ['openai', 'gpt-5.4-mini', { toolsRequireResponses: true }],
    ['openai', 'gpt-5.1', { efforts: ['none', 'low', 'medium', 'high'], toolsRequireResponses: undefined }],
    ['openai', 'gpt-5', { efforts: ['minimal', 'low', 'medium', 'high'], thinkingOff: false }],
    ['openai', 'gpt-5-mini-2025-08-07', { thinkingOff: false }],
    ['openai', 'gpt-5-chat-latest', { thinking: 'none' }],
    ['openai', 'gpt-5-pro', { chatDialect: 'openai-responses', efforts: ['high'] }],
    ['openai', 'gpt-5.2-codex', { chatDialect: 'openai-responses' }],
    ['openai', 'o4-mini', { efforts: ['low', 'medium', 'high'], thinkingOff: false }],
    ['openai', 'o3-pro', { chatDialect: 'openai-responses' }],
    ['openai', 'gpt-4o-mini', { maxTokensField: 'max_tokens', maxOutputTokens: 16_384 }],
    ['openai', 'gpt-4.1', { maxOutputTokens: 32_768 }],
    ['azureai-foundry', 'gpt-5.6', { toolsRequireResponses: true, maxTokensField: 'max_completion_tokens' }],
    ['anthropic', 'claude-opus-4-7', { thinking: 'adaptive', prefill: false, maxOutputTokens: 128_000 }],
    ['anthropic', 'claude-opus-5', { parameters: { temperature: 'drop', topP: 'drop', topK: 'drop' } }],
    ['anthropic', 'claude-something-new', { thinking: 'adaptive' }],
    ['anthropic', 'claude-sonnet-4-6', { thinking: 'adaptive', efforts: ['low', 'medium', 'high', 'max'] }],
    [
      'anthropic',
      'claude-haiku-4-5-20251001',
      { thinking: 'budget', maxOutputTokens: 64_000, structuredOutput: 'native' },
    ],
    ['anthropic', 'claude-opus-4-1-20250805', { maxOutputTokens: 32_000 }],
    ['anthropic', 'claude-opus-4-20250514', { maxOutputTokens: 32_000, structuredOutput: 'json-tool' }],
    ['anthropic', 'claude-sonnet-4-0', { maxOutputTokens: 64_000 }],
    ['anthropic', 'claude-3-haiku-20240307', { maxOutputTokens: 4096, thinking: 'none' }],
    ['awsbedrock', 'us.anthropic.claude-opus-4-7-v1:0', { thinking: 'adaptive', structuredOutput: 'json-tool' }],
    ['gemini', 'gemini-2.5-pro', { thinking: 'budget', thinkingOff: false }],
    ['gemini', 'gemini-2.5-flash', { thinking: 'budget', thinkingOff: true }],
    ['gemini', 'gemini-3-pro-preview', { thinking: 'level', efforts: ['low', 'high'] }],
    ['gemini', 'gemini-3-flash-preview', { efforts: ['minimal', 'low', 'medium', 'high'] }],
    ['gemini', 'gemini-3.7-flash', { efforts: ['low', 'medium', 'high'] }],
    ['mistralai', 'magistral-medium-latest', { thinking: 'adaptive', parameters: { reasoning: 'pass' } }],
    ['mistralai', 'mistral-small-latest', { thinking: 'effort', efforts: ['none', 'high'] }],
  ])('%s knows what %s can do', (template, model, expected) => {
    const known = Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined));
    const profile = profileOf(template, model);
    expect(profile).toMatchObject(known);
    for (const [field, value] of Object.entries(expected)) {
      if (value === undefined) expect(profile).not.toHaveProperty(field);
    }
  });

  const OPENAI = ['prompt_tokens', 'completion_tokens', 'total_tokens'].map((name) => `payload $.usage.${name}`);
  const REMAINING = 'header x-ratelimit-remaining-tokens';
  const GEMINI = ['promptTokenCount', 'candidatesTokenCount', 'totalTokenCount'].map(
    (name) => `payload $.usageMetadata.${name}`,
  );

  it.each([
    ['openai', ...OPENAI, REMAINING, 'payload $.model', 'payload $.model'],
    ['azure-openai', ...OPENAI, REMAINING, 'payload $.model', 'payload $.model'],
    ['azureai-foundry', ...OPENAI, REMAINING, 'payload $.model', 'payload $.model'],
    ['mistralai', ...OPENAI, REMAINING, 'payload $.model', 'payload $.model'],
    ['vllm', ...OPENAI, REMAINING, 'payload $.model', 'payload $.model'],
    [
      'anthropic',
      'payload $.usage.input_tokens',
      'payload $.usage.output_tokens',
      null,
      'header anthropic-ratelimit-tokens-remaining',
      'payload $.model',
      'payload $.model',
    ],
    ['gemini', ...GEMINI, REMAINING, String.raw`pathParam (?<=models/)[a-zA-Z0-9.\-]+`, 'payload $.modelVersion'],
    [
      'awsbedrock',
      ...['inputTokens', 'outputTokens', 'totalTokens'].map((name) => `payload $.usage.${name}`),
      null,
      'pathParam model/([A-Za-z0-9.:-]+)/',
      'pathParam model/([A-Za-z0-9.:-]+)/',
    ],
  ])('A2: %s says where tokens and models stand', (name, ...expected) => {
    const template = BUILT_IN_TEMPLATES.get(name);
    const places = [
      template?.promptTokens,
      template?.completionTokens,
      template?.totalTokens,
      template?.remainingTokens,
      template?.requestModel,
      template?.responseModel,
    ];
    expect(places.map((place) => (place ? `${place.location} ${place.identifier}` : null))).toEqual(expected);
  });

  it('A2: those with Responses have its tokens under other names there', () => {
    const mapped = [...BUILT_IN_TEMPLATES].filter(([, { resourceMappings }]) => resourceMappings !== undefined);
    expect(mapped.map(([name]) => name)).toEqual(expect.arrayContaining(['openai', 'azure-openai', 'azureai-foundry']));
    expect(mapped.map(([name]) => name)).not.toContain('mistralai');
    for (const [, { resourceMappings }] of mapped) {
      expect(resourceMappings?.resources[0]).toMatchObject({
        resource: '/responses',
        promptTokens: { location: 'payload', identifier: '$.usage.input_tokens' },
        completionTokens: { location: 'payload', identifier: '$.usage.output_tokens' },
      });
    }
  });

  it('knows nothing of models that it has never heard of', () => {
    expect(profileOf('openai', 'someone-elses-model')).toBeUndefined();
    expect(profileOf('awsbedrock', 'amazon.nova-pro-v1:0')).toBeUndefined();
  });
});
