import { describe, expect, it } from '@jest/globals';
import type { MappedExtraction } from './template-extraction.ts';
import { unusualTokens } from './token-locations.ts';

const at = (identifier: string) => ({ location: 'payload', identifier }) as const;
const openai: MappedExtraction = {
  promptTokens: at('$.usage.prompt_tokens'),
  completionTokens: at('$.usage.completion_tokens'),
  totalTokens: at('$.usage.total_tokens'),
  remainingTokens: { location: 'header', identifier: 'x-ratelimit-remaining-tokens' },
  requestModel: at('$.model'),
  resourceMappings: {
    resources: [
      {
        resource: '/responses',
        promptTokens: at('$.usage.input_tokens'),
        completionTokens: at('$.usage.output_tokens'),
      },
    ],
  },
};

describe('A5.7: the token locations of a template', () => {
  it('A5.7: are left to its dialect where they are the usual ones', () => {
    expect(unusualTokens(openai, 'openai-chat')).toBeUndefined();
    expect(unusualTokens({ promptTokens: at('$.usage.input_tokens') }, 'anthropic')).toBeUndefined();
    expect(unusualTokens({ totalTokens: at('$.usageMetadata.totalTokenCount') }, 'gemini')).toBeUndefined();
    expect(unusualTokens({}, 'bedrock-converse')).toBeUndefined();
    expect(
      unusualTokens({ promptTokens: { location: 'queryParam', identifier: 'tokens' } }, 'openai-chat'),
    ).toBeUndefined();
  });

  it('A5.7: are told with those of all paths where one of them is another', () => {
    const { remainingTokens: _, requestModel: __, ...tokens } = openai;
    const custom = { ...openai, promptTokens: at('$.meta.tokens.in') };
    expect(unusualTokens(custom, 'openai-chat')).toEqual({ ...tokens, promptTokens: at('$.meta.tokens.in') });
    const resources = [{ resource: '/v2/*', promptTokens: at('$.count') }];
    expect(unusualTokens({ resourceMappings: { resources } }, 'openai-chat')).toEqual({
      resourceMappings: { resources },
    });
    // An OpenAI-like vendor that counts as Anthropic does.
    expect(unusualTokens({ promptTokens: at('$.usage.input_tokens') }, 'openai-chat')).toBeDefined();
  });
});
