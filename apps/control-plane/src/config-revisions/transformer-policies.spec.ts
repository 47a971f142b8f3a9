import { describe, expect, it } from '@jest/globals';
import { isTransformerPolicy, transformerPolicies, withTransformers } from './transformer-policies.ts';

const transformer = {
  type: 'openai-to-anthropic-transformer',
  version: 'v1',
  params: { model: 'claude-x', id: 'other' },
};
const providers = [{ id: 'anthropic-provider', as: 'claude', transformer }, { id: 'plain-provider' }];

describe('A4, A5: transformers of additional providers', () => {
  it('become policies that run when their provider was chosen', () => {
    expect(transformerPolicies(providers)).toEqual([
      {
        name: 'openai-to-anthropic',
        condition: "'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == 'claude'",
        params: { model: 'claude-x', providerId: 'claude' },
        paths: null,
      },
    ]);
  });

  it('are found again in a snapshot', () => {
    const policies = transformerPolicies(providers);
    const restored = withTransformers([{ id: 'anthropic-provider', as: 'claude' }, { id: 'plain-provider' }], policies);
    expect(transformerPolicies(restored)).toEqual(policies);
    expect(policies.map(isTransformerPolicy)).toEqual([true]);
    const written = { name: 'openai-to-anthropic', condition: null, params: { providerId: 'claude' }, paths: null };
    expect(isTransformerPolicy(written)).toBe(false);
  });

  it('go when a snapshot has none, and stay when it does not say', () => {
    expect(withTransformers(providers, [])).toEqual([
      { id: 'anthropic-provider', as: 'claude' },
      { id: 'plain-provider' },
    ]);
    expect(withTransformers(providers, undefined)).toEqual(providers);
  });
});
