import { describe, expect, it } from '@jest/globals';
import { LlmProxyManifest } from '../resources/llm-proxy.ts';
import { API_VERSIONS } from '../resources/metadata.ts';
import { findPolicy, POLICY_CATALOGUE } from './policy-catalogue.ts';

const VENDORS = ['anthropic', 'azure-openai', 'gemini', 'mistral', 'bedrock'];
const mappings = [{ headerValue: 'a', provider: 'openai-provider' }];

/** `path: message` of everything that is wrong with a proxy that has two providers. */
function faults(spec: object, apiVersion?: string): readonly string[] {
  const document = {
    ...(apiVersion !== undefined && { apiVersion }),
    kind: 'LlmProxy',
    metadata: { name: 'multi' },
    spec: {
      displayName: 'Multi',
      version: 'v1.0',
      provider: { id: 'openai-provider' },
      additionalProviders: [{ id: 'anthropic-provider', as: 'claude' }],
      ...spec,
    },
  };
  const { error } = LlmProxyManifest.safeParse(document);
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);
}
const params = { providerId: 'claude', model: 'm', apiVersion: 'v' };
const at = (more: object) => ({ paths: [{ path: '/chat/completions', methods: ['POST'], params: more }] });

describe('§0: spellings of documents', () => {
  it('§0: both versions of the original are read, and our own', () => {
    expect([...API_VERSIONS].toSorted()).toEqual([
      'gateway.api-platform.wso2.com/v1',
      'gateway.api-platform.wso2.com/v1alpha1',
      'penstock.dev/v1',
    ]);
    for (const apiVersion of API_VERSIONS) expect(faults({}, apiVersion)).toEqual([]);
    expect(faults({})).toEqual([]);
  });

  it.each(VENDORS)('§0: openai-to-%s is the same with -transformer', (vendor) => {
    const policy = findPolicy(`openai-to-${vendor}`);
    expect(policy).toBeDefined();
    expect(findPolicy(`openai-to-${vendor}-transformer`)).toBe(policy);
  });

  it('§0: openai-header-router is llm-header-router, whose default provider is optional', () => {
    expect(findPolicy('openai-header-router')).toBe(findPolicy('llm-header-router'));
    for (const more of [{}, { defaultProvider: 'claude' }]) {
      expect(findPolicy('openai-header-router')?.params.safeParse({ mappings, ...more }).success).toBe(true);
    }
  });

  it('§0: names stay names of one policy', () => {
    const names = POLICY_CATALOGUE.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(['v0', 'v1'])('§0: version %s is the same policy', (version) => {
    expect(faults({ policies: [{ name: 'openai-header-router', version, ...at({ mappings }) }] })).toEqual([]);
    const transformer = { type: 'openai-to-anthropic', version, params: { model: 'm' } };
    expect(faults({ additionalProviders: [{ id: 'anthropic-provider', transformer }] })).toEqual([]);
  });

  it.each(['providerId', 'id', 'provider', 'upstreamName'])(
    '§0 and G6: a translator may call its provider %s',
    (field) => {
      const policy = (name: string) => ({ name: 'openai-to-gemini', version: 'v1', params: { [field]: name } });
      expect(faults({ globalPolicies: [policy('claude')] })).toEqual([]);
      expect(faults({ globalPolicies: [policy('nobody')] })).toEqual([
        `globalPolicies.0.params.${field}: 'nobody' is not the primary or an additionalProvider (as||id)`,
      ]);
    },
  );

  it.each(VENDORS)('§0: openai-to-%s may stand in policies, operationPolicies and inline', (vendor) => {
    const name = `openai-to-${vendor}`;
    const own = vendor === 'azure-openai' ? params : { providerId: 'claude', model: 'm' };
    expect(faults({ policies: [{ name, version: 'v1', params: own }] })).toEqual([]);
    expect(faults({ policies: [{ name, version: 'v1', ...at(own) }] })).toEqual([]);
    expect(faults({ operationPolicies: [{ name, version: 'v1', ...at(own) }] })).toEqual([]);
    expect(faults({ globalPolicies: [{ name, version: 'v1', params: own }] })).toEqual([]);
    const { providerId: _, ...inline } = own;
    const transformer = { type: name, version: 'v1', params: inline };
    expect(faults({ additionalProviders: [{ id: 'anthropic-provider', as: 'claude', transformer }] })).toEqual([]);
  });

  it('B1: a mapping, or a default, that names no provider of the proxy is refused where it stands', () => {
    const router = (more: object) => ({ policies: [{ name: 'llm-header-router', version: 'v1', ...at(more) }] });
    const fault = "'nobody' is not the primary or an additionalProvider (as||id)";
    const nowhere = [{ headerValue: 'x', provider: 'nobody' }];
    expect(faults(router({ mappings: nowhere }))).toEqual([`policies.0.paths.0.params.mappings.0.provider: ${fault}`]);
    expect(faults(router({ mappings, defaultProvider: 'nobody' }))).toEqual([
      `policies.0.paths.0.params.defaultProvider: ${fault}`,
    ]);
  });

  it('§0: api-key, other and none are the types of credentials', () => {
    for (const auth of [{ type: 'api-key', header: 'X-Key', value: 'k' }, { type: 'other' }, { type: 'none' }]) {
      expect(faults({ provider: { id: 'openai-provider', auth } })).toEqual([]);
    }
  });
});
