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

  it('G9: are the same in whatever order the providers stand', () => {
    const three = ['anthropic', 'gemini', 'mistral'].map((vendor) => ({
      id: `${vendor}-provider`,
      transformer: { type: `openai-to-${vendor}`, version: 'v1', params: { model: `model of ${vendor}` } },
    }));
    const byName = (list: typeof three) =>
      transformerPolicies(list).toSorted((one, other) => one.name.localeCompare(other.name));
    const [a, b, c] = three;
    if (!a || !b || !c) throw new Error('there are three');
    for (const order of [three, [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]]) {
      expect(byName(order)).toEqual(byName(three));
    }
    expect(byName(three).map(({ params }) => params)).toEqual(
      ['anthropic', 'gemini', 'mistral'].map((vendor) => ({
        model: `model of ${vendor}`,
        providerId: `${vendor}-provider`,
      })),
    );
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
