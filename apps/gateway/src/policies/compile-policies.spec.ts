import { describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy, SnapshotProxy } from '@penstock/contracts';
import { createLogger } from '@penstock/telemetry';
import type { CompiledKey } from '../config/compiled-config.ts';
import { limitSet, NO_LIMITS } from '../config/limit-set.ts';
import { ReferencedSecrets } from '../config/referenced-secrets.ts';
import { compileChains, compilePolicies } from './compile-policies.ts';
import type { PolicyCompileServices } from './create-policy.ts';
import type { PolicyChain } from './policy-chain.ts';

const services = {
  logger: createLogger({ name: 'test', level: 'silent' }),
  secrets: new ReferencedSecrets([], { open: () => '', env: () => undefined }),
} as unknown as PolicyCompileServices;
const at = (path: string, params: SnapshotPolicy['params'] = {}) => ({ path, methods: ['POST'], params });
const policy = (name: string, paths: SnapshotPolicy['paths'] = null, params = {}): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths,
});
const chains = (...policies: SnapshotPolicy[]) =>
  compilePolicies({ id: 'p', name: 'p', organizationId: 'o', policies } as unknown as SnapshotProxy, services);
const header = { requestHeaders: [{ name: 'x-a', value: 'b' }] };
const MODELS = { method: 'POST', path: '/v1beta/models/{id}', versioned: false } as const;
const names = (chain: PolicyChain | null | undefined) => chain?.steps.map(({ policy: one }) => one.name) ?? [];

describe('the policies of an operation', () => {
  it('A5.6: those of {model}:generateContent hold for that method of the path alone', () => {
    const chain = chains(
      policy('set-headers', [at('/v1beta/models/{model}:generateContent', header)]),
      policy('remove-headers', [at('/v1beta/models/{model}', { requestHeaders: [{ name: 'x-a' }] })]),
    )(MODELS);
    expect(names(chain?.at('gemini:generateContent'))).toEqual(['set-headers', 'remove-headers']);
    expect(names(chain?.at('gemini:streamGenerateContent'))).toEqual(['remove-headers']);
    expect(names(chain?.at('gemini'))).toEqual(['remove-headers']);
    expect(chains(policy('set-headers', [at('/chat/completions', header)]))(MODELS)).toBeNull();
  });

  it('A5.6: within one policy the most specific path holds, and two policies of one name both do', () => {
    const params = (value: string) => ({ requestHeaders: [{ name: 'x-a', value }] });
    const path = '/chat/completions';
    const find = chains(
      policy('set-headers', [at('/*', params('wide')), at(path, params('narrow'))]),
      policy('set-headers', [at('/chat/*', params('other'))]),
    );
    const chain = find({ method: 'POST', path, versioned: true });
    const set: (string | null | undefined)[] = [];
    for (const step of chain?.head ?? []) {
      const upstreamHeaders = new Map<string, string | null>();
      void step.policy.onHead?.({ upstreamHeaders, answerHeaders: new Map() } as never);
      set.push(upstreamHeaders.get('x-a'));
    }
    expect(set).toEqual(['narrow', 'other']);
  });
});

describe('the limits of a chain', () => {
  it('A5.2: are added to those that a request meets at each place where the chain stands', () => {
    const owner = { organizationId: 'o', proxyId: 'x', proxyName: 'x', providerId: 'x' };
    const limits = { limits: [{ requests: 1, duration: '1h' }] };
    const chain = compileChains(
      { owner, policies: [policy('basic-ratelimit', null, limits)] },
      services,
    )({
      method: 'POST',
      paths: ['/chat/completions'],
    });
    const key = {} as CompiledKey;
    const asked = { call: null, applies: () => true };
    const [own] = chain?.limitsFor(key, NO_LIMITS, asked).limits ?? [];
    expect(own?.applicable.subject).toBe('provider:x/policy:basic-ratelimit');
    if (!own) throw new Error('there is no limit');
    const access = limitSet([{ ...own, name: 'of the key' }]);
    expect(chain?.limitsFor(key, access, asked).limits.map(({ name }) => name)).toEqual(['of the key', 'x']);
    expect(chain?.limitsFor(key, NO_LIMITS, asked).limits).toEqual([own]);
  });
});
