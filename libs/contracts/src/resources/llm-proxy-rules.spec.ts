import { describe, expect, it } from '@jest/globals';
import { LlmProxyManifest } from './llm-proxy.ts';

/** `<path>: <message>` of everything that is wrong with a proxy. */
function faults(change: Readonly<Record<string, unknown>>): string[] {
  const spec = { displayName: 'P', version: 'v1.0', provider: { id: 'openai-provider' }, ...change };
  const { error } = LlmProxyManifest.safeParse({ metadata: { name: 'p' }, spec });
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);
}
const additional = (...additionalProviders: object[]) => ({ additionalProviders });
const authTo = (auth: object) => ({ provider: { id: 'openai-provider', auth } });
const policy = (change: object = {}) => ({ name: 'request-size', params: { maxBytes: 200 }, ...change });
const apiKey = { type: 'api-key', header: 'X-API-Key', value: 'K1' };
const HEADER = 'Auth header is required when api-key auth type is set';

describe('A4: rules of a proxy', () => {
  it.each([
    [{ displayName: 'x'.repeat(253) }],
    [{ context: '/openai-multi', vhost: 'llm.example.com' }],
    [authTo(apiKey)],
    [authTo({ type: 'api-key', header: 'X-API-Key' })],
    [authTo({ type: 'other' })],
    [authTo({ type: 'none' })],
    [additional({ id: 'b' }, { id: 'b', as: 'B_2', auth: apiKey })],
    [{ resilience: { timeout: '90s', idleTimeout: '0s' }, deploymentState: 'undeployed' }],
    [{ policies: [policy()] }],
    [{ policies: [policy({ version: 'v0' })] }],
  ])('A4: %j is right', (change) => {
    expect(faults(change)).toEqual([]);
  });

  it.each([
    [{ provider: undefined }, 'provider: Provider is required'],
    [{ provider: {} }, 'provider.id: Provider is required'],
    [{ provider: { id: '' } }, 'provider.id: Provider is required'],
    [additional({ as: 'x' }), 'additionalProviders.0.id: Provider is required'],
    [
      additional({ id: 'b' }, { id: 'c', as: 'b' }),
      "additionalProviders.1: duplicate upstream name 'b' in additionalProviders",
    ],
    [
      additional({ id: 'c', as: 'openai-provider' }),
      "additionalProviders.0: duplicate upstream name 'openai-provider' in additionalProviders",
    ],
    [authTo({ type: 'api-key', value: 'x' }), `provider.auth.header: ${HEADER}`],
    [additional({ id: 'b', auth: { type: 'api-key', value: 'x' } }), `additionalProviders.0.auth.header: ${HEADER}`],
    [authTo({ type: 'other', value: 'x' }), 'provider.auth.header: Auth header is required when an auth value is set'],
    [
      additional({ id: 'b', transformer: { version: 'v1' } }),
      'additionalProviders.0.transformer.type: Transformer type is required',
    ],
    [
      additional({ id: 'b', transformer: { type: 'openai-to-mistral' } }),
      'additionalProviders.0.transformer.version: Transformer version is required',
    ],
    [
      additional({ id: 'b', transformer: { type: 'openai-to-mistral', version: 'v1.0' } }),
      'additionalProviders.0.transformer.version: Transformer version must be major-only (e.g. v1)',
    ],
    [
      { policies: [policy()], globalPolicies: [policy()] },
      'policies: must not stand together with globalPolicies or operationPolicies',
    ],
    [{ policies: [policy({ name: 'oAuth' })] }, "policies.0.name: unknown policy 'oAuth'"],
    [{ policies: [policy({ version: 'v999' })] }, "policies.0.version: 'request-size' has no version v999"],
  ])('A4: %j is refused: %s', (change, fault) => {
    expect(faults(change)).toEqual([fault]);
  });

  it.each([
    [{ displayName: 'x'.repeat(254) }, 'displayName'],
    [{ provider: { id: 'Not A Name' } }, 'provider.id'],
    [additional({ id: 'A_B' }), 'additionalProviders.0.id'],
    [additional({ id: 'b', as: 'a b' }), 'additionalProviders.0.as'],
    [additional({ id: 'b', as: 'x'.repeat(101) }), 'additionalProviders.0.as'],
    [additional({ id: 'b', as: '' }), 'additionalProviders.0.as'],
    [authTo({ header: 'x', value: 'y' }), 'provider.auth.type'],
    [authTo({ ...apiKey, type: 'x-api-key' }), 'provider.auth.type'],
    [{ context: '/v1' }, 'context'],
    [{ vhost: 'https://a' }, 'vhost'],
    [{ globalPolicies: [policy({ version: '1.0.0' })] }, 'globalPolicies.0.version'],
    [{ globalPolicies: [policy({ params: { maxBytes: 'x' } })] }, 'globalPolicies.0.params.maxBytes'],
    [{ accessControl: { mode: 'allow_all' } }, ''],
  ])('A4: %j is refused', (change, path) => {
    expect(faults(change).map((fault) => fault.split(':')[0])).toContain(path);
  });

  it('G11: "api-key" is the type, "x-api-key" is only ever the name of a header', () => {
    expect(faults(authTo({ ...apiKey, header: 'x-api-key' }))).toEqual([]);
    expect(faults(authTo({ ...apiKey, type: 'x-api-key' }))).toHaveLength(1);
  });
});
