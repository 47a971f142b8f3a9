import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManifestKind } from '@penstock/contracts';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ env: { PENSTOCK_SMTP_URL: 'smtp://127.0.0.1:9', PENSTOCK_SMTP_FROM: 'a@example.com' } });
});
afterAll(() => app.stop());

const apply = (body: unknown, headers = {}) => app.call('POST', '/manifests/apply', { body, headers });
const exported = async (query = '') => (await app.call('GET', `/manifests/export${query}`)).text;
const metadata = (name: string) => ({
  name,
  labels: { 'example.com/tier': 'gold' },
  annotations: { note: 'a: "quoted" #text\nof two lines, and 1.0' },
});
const manifest = (kind: string, name: string, spec: object) => ({ kind, metadata: metadata(name), spec });
const location = { location: 'payload', identifier: '$.usage.total' };
const prices = { inputPerMillion: 1, outputPerMillion: 2, cachedInputPerMillion: 3, reasoningPerMillion: 4 };

/** Every kind with everything that it can say. */
const everything = [
  manifest('Quota', 'full', {
    displayName: 'Full',
    limits: [
      { unit: 'requests', window: 'minute', max: 60, burst: 10, mode: 'shadow', onUnavailable: 'allow' },
      { unit: 'tokens', window: 'day', alignment: 'rolling', max: 1000, estimate: 'hard', alertThresholds: [50, 90] },
      { unit: 'cost', window: 'month', max: 5_000_000, onUnknownPrice: 'deny', onExceeded: { route: 'small' } },
      { unit: 'concurrency', max: 5 },
    ],
  }),
  manifest('Team', 'full', { displayName: 'Full', quotas: ['full'], keyQuotas: ['full'], suspended: true }),
  manifest('Secret', 'full', { displayName: 'Full', description: 'of "all"', value: 'something-secret-too' }),
  manifest('LlmProviderTemplate', 'full', {
    displayName: 'Full',
    groupId: 'g',
    managedBy: 'me',
    version: 'v2.0',
    dialect: 'anthropic',
    defaultUrl: 'https://example.com',
    profile: { maxOutputTokens: 100, parameters: { seed: 'drop' } },
    modelProfiles: [{ match: 'big-*', profile: { maxTemperature: 1 } }],
    authHeader: 'X-Key',
    authValuePrefix: 'Key ',
    totalTokens: location,
    requestModel: { location: 'pathParam', identifier: 'model' },
    resourceMappings: { resources: [{ resource: '/messages/*', promptTokens: location }] },
  }),
  manifest('LlmProvider', 'full', {
    displayName: 'Full',
    version: 'v1.2',
    context: '/full/provider',
    vhost: '*.example.com',
    template: 'full',
    upstream: {
      ref: 'pool',
      hostRewrite: 'manual',
      apiVersion: '2024-10-21',
      auth: { type: 'api-key', header: 'X-Key', value: 'Bearer something-secret' },
    },
    accessControl: { mode: 'deny_all', exceptions: [{ path: '/chat/completions', methods: ['POST'] }] },
    models: [{ id: 'm', upstreamModel: 'M/1', profile: { maxOutputTokens: 9 }, quotas: ['full'] }, { id: 'small' }],
    upstreamDefinitions: [
      {
        name: 'pool',
        basePath: '/v1',
        timeout: { connect: '1s' },
        upstreams: [
          { url: 'http://127.0.0.1:18000', weight: 90 },
          { url: 'http://127.0.0.2:18000', weight: 0 },
        ],
      },
    ],
    globalPolicies: [{ name: 'request-size', params: { maxBytes: 9 } }],
    operationPolicies: [{ name: 'api-key-auth', paths: [{ path: '/chat/{any}:x', methods: ['POST'] }] }],
    timeouts: { connect: '1s', firstByte: '2s', idle: '3s' },
    resilience: { timeout: '4m' },
    maxConnections: 7,
    quotas: ['full'],
    deploymentState: 'undeployed',
  }),
  manifest('ModelPrice', 'full', {
    provider: 'full',
    model: 'm',
    ...prices,
    tiers: [{ aboveInputTokens: 1000, ...prices }],
    effectiveFrom: '2026-01-01T00:00:00+02:00',
  }),
  manifest('LlmProxy', 'full', {
    displayName: 'Full: of "all", 100 %',
    version: 'v1.0',
    context: '/full/of',
    vhost: 'full.example.com',
    provider: { id: 'full', auth: { type: 'api-key', header: 'X-Hop', value: 'something-secret-of-the-hop' } },
    additionalProviders: [
      { id: 'full', as: 'again', auth: { type: 'other', header: 'X-Hop', value: 'something-secret-again' } },
    ],
    resilience: { timeout: '1m', idleTimeout: '1s' },
    models: [{ name: 'small', targets: [{ provider: 'again', model: 'm', weight: 3, priority: 1 }] }],
    globalPolicies: [{ name: 'log-message', version: 'v1', executionCondition: 'request.method == "POST"' }],
    operationPolicies: [
      {
        name: 'log-message',
        version: 'v0',
        paths: [{ path: '/chat/*', methods: ['POST'], params: { logRequestHeaders: true } }],
      },
    ],
    authentication: 'none',
    unsupportedParameters: 'strict',
    quotas: ['full'],
    deploymentState: 'undeployed',
  }),
  manifest('VirtualKey', 'full', {
    displayName: 'Full',
    team: 'full',
    proxies: ['full'],
    models: ['small'],
    quotas: ['full'],
    expiresAt: '2030-01-01T00:00:00+02:00',
    ipAllowList: ['10.0.0.0/8', '::1'],
    enabled: false,
  }),
  manifest('ApiKey', 'full-key', {
    parentRef: { kind: 'LlmProvider', name: 'full' },
    displayName: 'Full',
    apiKey: 'something-secret-that-was-made-elsewhere',
    maskedApiKey: 'some****',
    expiresIn: { duration: 3, unit: 'months' },
    externalRefId: 'x-1',
    issuer: 'portal',
  }),
  manifest('Organization', 'default', { displayName: 'We', timeZone: 'Asia/Tokyo', quotas: ['full'] }),
  manifest('AlertChannel', 'full', {
    type: 'webhook',
    displayName: 'Hook',
    kinds: ['unknown-price'],
    enabled: false,
    url: 'http://127.0.0.1:9/secret-path',
    signingSecret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
  }),
  manifest('AlertChannel', 'mail', { type: 'email', to: ['a@example.com'] }),
];

describe('an export', () => {
  it('of every kind with everything filled in is a fixed point of apply, and holds no secret', async () => {
    const first = await apply(everything);
    expect(first.body.errors).toBeUndefined();
    const text = await exported();
    const kinds = parseAllDocuments(text).map((document) => (document.toJS() as { kind: ManifestKind }).kind);
    expect(new Set(kinds)).toEqual(new Set(ManifestKind.options));
    expect(kinds.map((kind) => ManifestKind.options.indexOf(kind))).toEqual(
      kinds.map((kind) => ManifestKind.options.indexOf(kind)).sort((left, right) => left - right),
    );
    expect(text).not.toMatch(/something-secret|secret-path|status:|whsec_/);
    const again = await apply(text, { 'content-type': 'application/yaml' });
    const results = again.body.items.map(({ kind, result }: { kind: string; result: string }) => `${kind} ${result}`);
    expect(results.filter((result: string) => !result.endsWith(' unchanged'))).toEqual([]);
    expect(again.body.revision).toBeNull();
    expect(await exported()).toBe(text);
    const { body } = await app.call('GET', '/manifests/export', { headers: { accept: 'application/json' } });
    expect((await apply(body)).body.revision).toBeNull();
  });

  it('brings back what was changed since', async () => {
    await apply(everything);
    const text = await exported();
    await app.call('PATCH', '/llm-providers/full', { body: { spec: { maxConnections: 99 } } });
    await app.call('PATCH', '/teams/full', { body: { spec: { quotas: [] }, metadata: { labels: null } } });
    await apply(text, { 'content-type': 'application/yaml' });
    expect(await exported()).toBe(text);
  });

  it('stays a fixed point whatever names, labels and texts hold', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => !value.includes('\0'));
    const property = fc.asyncProperty(text, text, async (displayName, note) => {
      const spec = { displayName, quotas: [] };
      const made = await apply({ kind: 'Team', metadata: { name: 'any', annotations: { note } }, spec });
      expect(made.status).toBe(200);
      const yaml = await exported('?kind=Team&name=any');
      const again = await apply(yaml, { 'content-type': 'application/yaml' });
      expect(again.body.items).toMatchObject([{ result: 'unchanged' }]);
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it('holds what is asked for', async () => {
    await apply(everything);
    expect(parseAllDocuments(await exported('?kind=LlmProxy'))).toHaveLength(1);
    expect((await app.call('GET', '/manifests/export?kind=LlmProxy&name=none')).status).toBe(404);
    expect((await app.call('GET', '/manifests/export?kind=Planet')).status).toBe(400);
    expect((await app.call('GET', '/manifests/export?name=full')).status).toBe(400);
  });

  it('leaves out built-in templates and revoked keys', async () => {
    await apply({ kind: 'VirtualKey', metadata: { name: 'gone' }, spec: {} });
    await app.call('POST', '/virtual-keys/gone/revoke');
    const text = await exported();
    expect(text).not.toContain('name: gone');
    expect(text).not.toContain('name: openai');
  });
});
