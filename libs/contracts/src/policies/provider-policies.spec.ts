import { describe, expect, it } from '@jest/globals';
import { LlmProviderSpec } from '../resources/llm-provider.ts';
import { POLICY_CATALOGUE } from './policy-catalogue.ts';

const spec = { displayName: 'P', template: 'openai', upstream: { url: 'https://api.example.com/v1' } };

/** Whether a provider may have a policy of this name, whatever else is wrong with it. */
function isTaken(name: string): boolean {
  const { error } = LlmProviderSpec.safeParse({ ...spec, globalPolicies: [{ name, version: 'v1' }] });
  return !error?.issues.some(({ path }) => path.join('.') === 'globalPolicies.0.name');
}

describe('policies of a provider', () => {
  it('A5.2: are all but those that decide over what comes before it', () => {
    const refused = POLICY_CATALOGUE.filter(({ name }) => !isTaken(name));
    expect(refused.map(({ name }) => name)).toEqual(
      POLICY_CATALOGUE.filter(({ proxyOnly }) => proxyOnly).map(({ name }) => name),
    );
    const categories = new Set(refused.map(({ category }) => category));
    for (const category of ['routing', 'translation', 'cache'] as const) expect(categories).toContain(category);
    for (const name of ['api-key-auth', 'set-headers', 'basic-ratelimit', 'regex-guardrail', 'cors']) {
      expect(isTaken(name)).toBe(true);
    }
  });

  it('A5.2: are refused with the reason', () => {
    const { error } = LlmProviderSpec.safeParse({ ...spec, policies: [{ name: 'fallback', version: 'v1' }] });
    expect(error?.issues.map(({ message }) => message)).toContain("'fallback' can only be a policy of an LlmProxy");
  });
});
