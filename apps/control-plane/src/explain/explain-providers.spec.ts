import { describe, expect, it } from '@jest/globals';
import { type ConfigSnapshot, ExplainRequest, type SnapshotProvider, type SnapshotProxy } from '@penstock/contracts';
import { explainRequest } from './explain-request.ts';
import { WrittenProxy } from './written-proxy.ts';

const ORGANIZATION = '00000000-0000-4000-8000-000000000001';
const idOf = (number: number): string => `00000000-0000-4000-8000-0000000000${String(number).padStart(2, '0')}`;

const provider = (number: number, name: string, overrides: Partial<SnapshotProvider> = {}): SnapshotProvider => ({
  id: idOf(number),
  name,
  organizationId: ORGANIZATION,
  template: 'openai',
  dialect: 'openai-chat',
  baseUrl: 'https://api.openai.com/v1',
  apiVersion: null,
  auth: null,
  timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, totalMs: 1 },
  maxConnections: 1,
  models: [{ id: 'm', upstreamModel: 'm', profile: {}, limits: [] }],
  profile: {},
  modelProfiles: [],
  prices: {},
  limits: [],
  ...overrides,
});

const proxy = (name: string, overrides: Partial<SnapshotProxy>): SnapshotProxy => ({
  id: idOf(50),
  name,
  organizationId: ORGANIZATION,
  context: `/${name}`,
  authentication: 'none',
  providers: [],
  models: [],
  unsupportedParameters: 'lenient',
  policies: [],
  limits: [],
  ...overrides,
});

const everywhere = (name: string, params = {}) => ({ name, condition: null, params, paths: null });
const closed = provider(1, 'closed', { accessControl: { mode: 'deny_all', exceptions: [] } });
const keyed = provider(2, 'keyed', {
  context: '/keyed',
  accessControl: { mode: 'allow_all', exceptions: [{ path: '/embeddings', methods: ['*'] }] },
  policies: [everywhere('set-headers'), everywhere('api-key-auth', { key: 'X-Key', in: 'header' })],
});
const spare = provider(3, 'spare', { context: '/spare', vhost: '*.example.com' });
const at = (found: SnapshotProvider, auth?: object) => ({ providerId: found.id, alias: found.name, ...auth });
const shown = { auth: { header: 'x-key', sealedValue: 'sealed' } };
const snapshot: ConfigSnapshot = {
  schemaVersion: 1,
  revision: 1,
  publishedAt: '2026-01-01T00:00:00Z',
  organizations: [],
  providers: [closed, keyed, spare],
  proxies: [
    proxy('shop', { providers: [at(closed), at(keyed), at(spare)] }),
    proxy('trusted', { id: idOf(51), providers: [at(keyed, shown)] }),
    proxy('hosted', { id: idOf(52), vhost: 'api.example.com', providers: [at(spare)] }),
  ],
  teams: [],
  virtualKeys: [],
};

const explain = (path: string, headers: Record<string, string> = {}) =>
  explainRequest(ExplainRequest.parse({ path, headers, model: 'm' }), {
    snapshot,
    organizationId: ORGANIZATION,
    key: null,
    now: 0,
    writtenProxy: () => Promise.resolve(new WrittenProxy([], new Map(), new Set())),
    readLimits: () => Promise.resolve([]),
  });
const CHAT = '/v1/chat/completions';

describe('what explanations say of providers', () => {
  it('A5.5: a target that access control leaves out, and the 404 where none is left', async () => {
    const { targets, verdict } = await explain(`/shop${CHAT}`, { 'x-provider': 'closed' });
    expect(targets[0]?.leftOut).toContain('does not let POST /chat/completions through');
    expect(verdict.error).toEqual({ code: 'not_found', status: 404, message: 'Resource not found.' });
  });

  it("A5.1: the provider's policies, and the key that the proxy does not show", async () => {
    const { policies, verdict } = await explain(`/shop${CHAT}`, { 'x-provider': 'keyed' });
    expect(policies.map(({ name, why }) => [name, why])).toEqual([
      ['set-headers', "of the provider 'keyed': it holds for all paths"],
      ['api-key-auth', "of the provider 'keyed': it holds for all paths"],
    ]);
    expect(verdict.error).toMatchObject({ status: 401, message: 'Valid API key required' });
    expect(verdict.notes.join(' ')).toContain("wants an API key of its own in header 'X-Key'");
  });

  it('A5.1: a key that the proxy shows is left to gateways to check', async () => {
    const { verdict } = await explain(`/trusted${CHAT}`);
    expect(verdict).toMatchObject({ admitted: true, error: null });
    expect(verdict.notes.join(' ')).toContain('has to be valid there');
  });

  it('A5.1: a provider that is called by its own context', async () => {
    const { proxy: found, policies, verdict } = await explain('/keyed/chat/completions');
    expect(found).toMatchObject({ name: 'keyed', context: '/keyed' });
    expect(policies.map(({ name, runs }) => [name, runs])).toEqual([
      ['set-headers', 'yes'],
      ['api-key-auth', 'yes'],
    ]);
    expect(verdict.error).toBeNull();
    const denied = await explain('/keyed/v1/embeddings');
    expect(denied.verdict.error).toMatchObject({ status: 404, message: 'Resource not found.' });
  });

  it('A5.8: hosts decide', async () => {
    expect((await explain(`/hosted${CHAT}`)).verdict.error).toMatchObject({ status: 404 });
    const hosted = await explain(`/hosted${CHAT}`, { Host: 'API.example.com:443' });
    expect(hosted.proxy?.name).toBe('hosted');
    const spareOne = await explain(`/spare${CHAT}`, { host: 'other.example.com' });
    expect(spareOne.proxy?.name).toBe('spare');
    expect((await explain(`/spare${CHAT}`, { host: 'example.com' })).verdict.error).toMatchObject({ status: 404 });
  });
});
