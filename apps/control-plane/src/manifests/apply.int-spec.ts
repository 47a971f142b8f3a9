import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

type Made = { readonly metadata: { readonly name: string }; readonly spec: object };
const as = (kind: string, document: Made) => ({ apiVersion: 'penstock.dev/v1', kind, ...document });
const apply = (body: unknown, query = '') => app.call('POST', `/manifests/apply${query}`, { body });
const newest = async () => (await app.call('GET', '/config/revisions?limit=1')).body.items[0];
const exists = async (path: string) => (await app.call('GET', path)).status === 200;

/** Nine documents that refer to each other, each before what it refers to. */
const shop = (name: string) => [
  as('AlertChannel', {
    metadata: { name: `${name}-hook` },
    spec: { type: 'webhook', url: 'http://127.0.0.1:9/hook' },
  }),
  as('Organization', documents.organization({ timeZone: 'Europe/Berlin' })),
  as('VirtualKey', documents.virtualKey(`${name}-key`, { team: name, proxies: [name], quotas: [name] })),
  as('LlmProxy', documents.proxy(name, name, { quotas: [name] })),
  as('ModelPrice', documents.price(`${name}-price`, name)),
  as('LlmProvider', documents.provider(name, { template: name, quotas: [name] })),
  as('LlmProviderTemplate', documents.template(name)),
  as('Team', documents.team(name, { quotas: [name] })),
  as('Quota', documents.quota(name)),
];

describe('an apply', () => {
  it('writes documents in any order, with one revision, and shows the secrets that it made', async () => {
    const before = (await newest()).revision;
    const { status, body } = await apply(shop('one'));
    expect(status).toBe(200);
    expect(body.revision).toBe(before + 1);
    expect(body.items.map((item: { index: number }) => item.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const results = body.items.map((item: { kind: string; result: string }) => `${item.kind} ${item.result}`);
    expect(results.filter((text: string) => text !== 'Organization changed')).toHaveLength(8);
    expect(results).toContain('Organization changed');
    expect(body.items[2].revealed.key).toMatch(/^psk_/);
    expect(body.items[0].revealed.signingSecret).toMatch(/^whsec_/);
    expect((await newest()).cause).toBe('apply: 8 created, 1 changed');
    expect(await exists('/virtual-keys/one-key')).toBe(true);
  });

  it('writes nothing and makes no revision when nothing differs', async () => {
    await apply(shop('same'));
    const before = (await newest()).revision;
    const etag = (await app.call('GET', '/llm-providers/same')).headers['etag'];
    const { body } = await apply(shop('same'));
    expect(body.revision).toBeNull();
    expect(new Set(body.items.map(({ result }: { result: string }) => result))).toEqual(new Set(['unchanged']));
    expect(JSON.stringify(body)).not.toContain('revealed');
    expect((await newest()).revision).toBe(before);
    expect((await app.call('GET', '/llm-providers/same')).headers['etag']).toBe(etag);
  });

  it('keeps nothing when the seventh of nine documents is at fault', async () => {
    const before = (await newest()).revision;
    const set = shop('seven');
    set[6] = as('LlmProviderTemplate', documents.template('seven', { managedBy: 'penstock' }));
    const { status, body } = await apply(set);
    expect(status).toBe(400);
    expect(body.message).toBe('Nothing was applied: 1 document is at fault.');
    expect(body.errors).toEqual([
      {
        field: 'spec.managedBy',
        message: expect.stringContaining('reserved'),
        document: { index: 6, kind: 'LlmProviderTemplate', name: 'seven' },
      },
    ]);
    expect((await newest()).revision).toBe(before);
    for (const path of ['/quotas/seven', '/teams/seven', '/llm-providers/seven', '/alert-channels/seven-hook']) {
      expect(await exists(path)).toBe(false);
    }
  });

  it('names every fault of every document', async () => {
    const { status, body } = await apply([
      as('Quota', { metadata: { name: 'Bad Name' }, spec: { limits: [], surprise: 1 } }),
      as('Planet', documents.team('earth')),
      as('VirtualKey', documents.virtualKey('orphan', { team: 'nobody' })),
      as('LlmProvider', documents.provider('far', { upstream: { url: 'http://169.254.169.254/v1' } })),
      as('LlmProxy', documents.proxy('to-far', 'far')),
      as('Team', documents.team('twice')),
      as('Team', documents.team('twice')),
      'text',
    ]);
    expect(status).toBe(400);
    const told = body.errors.map(
      ({ document, field }: { document: { index: number; kind: string }; field: string }) =>
        `${document.index} ${document.kind} ${field}`,
    );
    expect(told).toEqual([
      '0 Quota metadata.name',
      '0 Quota spec.limits',
      '0 Quota spec.surprise',
      '1 Planet kind',
      '2 VirtualKey spec.team',
      '3 LlmProvider spec.upstream.url',
      '6 Team metadata.name',
      '7  kind',
    ]);
    expect(await exists('/teams/twice')).toBe(false);
  });

  it('applied twice at once makes everything once', async () => {
    const before = (await newest()).revision;
    const answers = await Promise.all([apply(shop('both')), apply(shop('both')), apply(shop('both'))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const keys = answers.flatMap(({ body }) => body.items.filter((item: { revealed?: object }) => item.revealed));
    expect(keys).toHaveLength(2); // the key and the channel, by whoever came first
    expect((await newest()).revision).toBe(before + 1);
  });

  it('lets proxies swap their contexts', async () => {
    const set = (left: string, right: string) => [
      as('LlmProxy', documents.proxy('left', 'one', { context: left })),
      as('LlmProxy', documents.proxy('right', 'one', { context: right })),
    ];
    expect((await apply(set('/l', '/r'))).status).toBe(200);
    expect((await apply(set('/r', '/l'))).status).toBe(200);
    expect((await app.call('GET', '/llm-proxies/left')).body.spec.context).toBe('/r');
    const taken = await apply(as('LlmProxy', documents.proxy('third', 'one', { context: '/l' })));
    expect(taken).toMatchObject({ status: 409, body: { errors: [{ field: 'spec.context', document: { index: 0 } }] } });
  });

  it.each(['penstock.dev/v1', 'gateway.api-platform.wso2.com/v1', 'gateway.api-platform.wso2.com/v1alpha1'])(
    'takes YAML of many documents that say %s',
    async (apiVersion) => {
      const name = `y-${apiVersion.replaceAll(/[^a-z0-9]/g, '-')}`;
      const body = `---\napiVersion: ${apiVersion}\nkind: VirtualKey\nmetadata: {name: ${name}}\nspec: {team: ${name}}\n---\n# empty\n---\napiVersion: ${apiVersion}\nkind: Team\nmetadata: {name: ${name}}\nspec: {displayName: From YAML}\n`;
      const headers = { 'content-type': 'application/yaml' };
      const answer = await app.call('POST', '/manifests/apply', { body, headers });
      expect([answer.status, answer.body.items?.length]).toEqual([200, 2]);
    },
  );

  it('refuses what holds no documents, and what is no YAML', async () => {
    expect((await apply([])).body.errors).toEqual([{ field: '', message: 'holds no document' }]);
    const headers = { 'content-type': 'application/yaml' };
    expect((await app.call('POST', '/manifests/apply', { body: 'a: [', headers })).status).toBe(400);
    const many = 'kind: Team\n---\nkind: Team\n';
    expect((await app.call('POST', '/teams', { body: many, headers })).body.message).toContain('not valid YAML');
  });

  it('says where a secret changes, without telling it, and inherits the one that is left out', async () => {
    const withSecret = (value: string) => as('LlmProvider', documents.providerWithSecret('locked', value));
    await apply(withSecret('Bearer first-secret-value'));
    const same = await apply(withSecret('Bearer first-secret-value'));
    expect(same.body.items[0].result).toBe('unchanged');
    const other = await apply(withSecret('Bearer other-secret-value'));
    expect(other.body.items[0]).toMatchObject({
      result: 'changed',
      changes: [{ field: 'spec.upstream.auth.value', secret: true }],
    });
    expect(other.text).not.toContain('secret-value');
    const auth = { type: 'api-key', header: 'Authorization' };
    const url = 'http://127.0.0.1:18000/v1';
    const left = await apply(as('LlmProvider', documents.provider('locked', { upstream: { url, auth } })));
    expect(left.body.items[0].result).toBe('unchanged');
    const moved = await apply(
      as('LlmProvider', documents.provider('locked', { upstream: { url: 'http://127.0.0.1:1/v1', auth } })),
    );
    expect(moved).toMatchObject({ status: 422, body: { code: 'secret_required' } });
  });

  it('makes a secret before the provider that names it, and prunes it after', async () => {
    const secret = { kind: 'Secret', metadata: { name: 'vendor' }, spec: { value: 'very-secret-value' } };
    const provider = as('LlmProvider', documents.providerWithSecret('named', 'Bearer {{ secret "vendor" }}'));
    const made = await apply([provider, secret], '?managedBy=vendor');
    expect(made.body.items?.map(({ result }: { result: string }) => result)).toEqual(['created', 'created']);
    expect((await apply([secret, provider], '?managedBy=vendor')).body.revision).toBeNull();
    const rest = [as('Team', documents.team('vendor'))];
    const pruned = await apply(rest, '?managedBy=vendor&prune=true');
    expect(pruned.body.items?.map(({ kind }: { kind: string }) => kind)).toEqual(['Team', 'LlmProvider', 'Secret']);
  });

  it('reads all documents of a kind at once to find that nothing differs', async () => {
    const many = Array.from({ length: 200 }, (_, index) => as('Team', documents.team(`many-${index}`)));
    expect((await apply(many)).body.items).toHaveLength(200);
    const startedAt = performance.now();
    expect((await apply(many)).body.revision).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('cannot make another organization, nor change a built-in template', async () => {
    const { body } = await apply([
      as('Organization', { metadata: { name: 'second' }, spec: {} }),
      as('LlmProviderTemplate', documents.template('openai', { displayName: 'Mine' })),
    ]);
    expect(body.errors.map(({ document }: { document: { index: number } }) => document.index)).toEqual([0, 1]);
  });

  it('is for admins', async () => {
    const { body } = await app.call('POST', '/admin-tokens', { body: { name: 'viewer', role: 'viewer' } });
    const refused = await app.call('POST', '/manifests/apply', { token: body.token, body: shop('never') });
    expect(refused.status).toBe(403);
    expect((await app.call('GET', '/manifests/export', { token: body.token })).status).toBe(200);
  });
});

describe('a dry run', () => {
  it('tells the fields that would change, and changes nothing', async () => {
    await apply(as('Team', documents.team('dry', { displayName: 'Before' })));
    const before = (await newest()).revision;
    const set = [
      as('Team', documents.team('dry', { displayName: 'After' })),
      as('VirtualKey', documents.virtualKey('dry-key', { team: 'dry' })),
    ];
    const { status, body } = await apply(set, '?dryRun=true');
    expect(status).toBe(200);
    expect(body).toEqual({
      dryRun: true,
      revision: null,
      items: [
        {
          index: 0,
          kind: 'Team',
          name: 'dry',
          result: 'changed',
          changes: [{ field: 'spec.displayName', before: 'Before', after: 'After' }],
        },
        { index: 1, kind: 'VirtualKey', name: 'dry-key', result: 'created', changes: [] },
      ],
    });
    expect(await exists('/virtual-keys/dry-key')).toBe(false);
    expect((await newest()).revision).toBe(before);
    const audited = await app.call('GET', '/audit-events?resourceName=dry-key');
    expect(audited.body.total).toBe(0);
  });
});

describe('a managed set', () => {
  const managed = (set: unknown, extra = '') => apply(set, `?managedBy=ci${extra}`);

  it('is marked, and loses with prune what it no longer holds', async () => {
    await managed(shop('ci'));
    expect((await app.call('GET', '/teams/ci')).body.metadata.labels).toEqual({ 'penstock.dev/managed-by': 'ci' });
    const rest = shop('ci').filter(({ kind }) => !['VirtualKey', 'AlertChannel', 'Organization'].includes(kind));
    expect((await managed(rest)).body.revision).toBeNull();
    expect(await exists('/virtual-keys/ci-key')).toBe(true);

    const preview = await managed(rest, '&prune=true&dryRun=true');
    const { body } = await managed(rest, '&prune');
    expect(body.items.filter(({ result }: { result: string }) => result === 'deleted')).toEqual([
      { index: null, kind: 'AlertChannel', name: 'ci-hook', result: 'deleted', changes: [] },
      { index: null, kind: 'VirtualKey', name: 'ci-key', result: 'deleted', changes: [] },
    ]);
    expect(preview.body.items).toEqual(body.items);
    expect(await exists('/virtual-keys/ci-key')).toBe(false);
    expect(await exists('/virtual-keys/one-key')).toBe(true);
    expect((await app.call('GET', '/organization')).status).toBe(200);
  });

  it('keeps everything when others still refer to what would go', async () => {
    await managed(shop('ci'));
    await apply(as('LlmProxy', documents.proxy('stranger', 'ci')));
    const rest = [as('Team', documents.team('ci', { displayName: 'Renamed', quotas: ['ci'] }))];
    const { status, body } = await managed(rest, '&prune=true');
    expect([status, body.code]).toEqual([409, 'still_referenced']);
    expect(body.errors).toContainEqual({
      field: 'metadata.name',
      message: 'used by LlmProxy stranger',
      document: { index: -1, kind: 'LlmProvider', name: 'ci' },
    });
    expect((await app.call('GET', '/teams/ci')).body.spec.displayName).toBe('ci');
    expect(await exists('/llm-proxies/ci')).toBe(true);
  });

  it('gives the context of a proxy that goes to one that comes', async () => {
    const proxy = (name: string) => [as('LlmProxy', documents.proxy(name, 'one', { context: '/handed-on' }))];
    await apply(proxy('old-holder'), '?managedBy=contexts');
    const { status, body } = await apply(proxy('new-holder'), '?managedBy=contexts&prune=true');
    expect([status, body.items?.length]).toEqual([200, 2]);
    expect(await exists('/llm-proxies/old-holder')).toBe(false);
  });

  it('does not take over what another manager has, and needs a manager to prune', async () => {
    await apply(as('Team', documents.team('theirs')), '?managedBy=them');
    const taken = await managed([as('Team', documents.team('theirs'))]);
    expect(taken).toMatchObject({ status: 409, body: { errors: [{ document: { name: 'theirs' } }] } });
    const pruned = await apply([as('Team', documents.team('theirs'))], '?prune=true');
    expect(pruned).toMatchObject({ status: 400, body: { errors: [{ field: 'prune' }] } });
  });
});
