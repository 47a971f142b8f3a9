import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.call('POST', '/llm-providers', { body: documents.provider('base') });
});
afterAll(() => app.stop());

const kinds = [
  { path: '/llm-provider-templates', kind: 'LlmProviderTemplate', make: documents.template },
  { path: '/llm-providers', kind: 'LlmProvider', make: documents.provider },
  { path: '/llm-proxies', kind: 'LlmProxy', make: (name: string, spec = {}) => documents.proxy(name, 'base', spec) },
  { path: '/virtual-keys', kind: 'VirtualKey', make: documents.virtualKey },
  { path: '/quotas', kind: 'Quota', make: documents.quota },
  { path: '/teams', kind: 'Team', make: documents.team },
  { path: '/model-prices', kind: 'ModelPrice', make: (name: string, spec = {}) => documents.price(name, 'base', spec) },
];

describe.each(kinds)('$kind documents', ({ path, kind, make }) => {
  it('are created, read, replaced, patched, listed and deleted', async () => {
    const created = await app.call('POST', path, { body: make('one') });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ apiVersion: 'penstock.dev/v1', kind, metadata: { name: 'one' } });

    const read = await app.call('GET', `${path}/one`);
    expect(read.body.spec).toEqual(created.body.spec);
    expect(read.headers['etag']).toBe(created.headers['etag']);

    const labelled = { ...make('one'), metadata: { name: 'one', labels: { tier: 'gold' } } };
    const replaced = await app.call('PUT', `${path}/one`, { body: labelled });
    expect(replaced.status).toBe(200);
    expect(replaced.body.metadata.labels).toEqual({ tier: 'gold' });

    const patch = { metadata: { labels: { tier: null, region: 'eu' } } };
    const patched = await app.call('PATCH', `${path}/one`, {
      body: JSON.stringify(patch),
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(patched.body.metadata.labels).toEqual({ region: 'eu' });
    expect(patched.body.spec).toEqual(created.body.spec);

    const list = await app.call('GET', `${path}?q=one`);
    expect(list.body).toMatchObject({ total: 1, nextCursor: null, items: [{ metadata: { name: 'one' } }] });

    expect((await app.call('DELETE', `${path}/one`)).status).toBe(204);
    expect((await app.call('GET', `${path}/one`)).status).toBe(404);
  });

  it('refuse a stale If-Match with 412 and accept the current one', async () => {
    const { headers } = await app.call('POST', path, { body: make('two') });
    const etag = String(headers['etag']);
    const fresh = await app.call('PUT', `${path}/two`, { body: make('two'), headers: { 'if-match': etag } });
    expect(fresh.status).toBe(200);
    const stale = await app.call('PUT', `${path}/two`, { body: make('two'), headers: { 'if-match': etag } });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    const staleDelete = await app.call('DELETE', `${path}/two`, { headers: { 'if-match': etag } });
    expect(staleDelete.status).toBe(412);
    expect((await app.call('DELETE', `${path}/two`, { headers: { 'if-match': '*' } })).status).toBe(204);
  });

  it('cannot be created twice, renamed, or written with an unknown field', async () => {
    await app.call('POST', path, { body: make('three') });
    const twice = await app.call('POST', path, { body: make('three') });
    expect(twice).toMatchObject({
      status: 409,
      body: { code: 'conflict', errors: [{ field: 'metadata.name', message: 'is taken already' }] },
    });
    const renamed = await app.call('PUT', `${path}/three`, { body: make('four') });
    expect(renamed).toMatchObject({ status: 400, body: { errors: [{ field: 'metadata.name' }] } });
    const unknown = await app.call('POST', path, { body: make('five', { surprise: 1 }) });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(unknown.body.errors).toContainEqual({ field: 'spec.surprise', message: 'is not a known field' });
    await app.call('DELETE', `${path}/three`);
  });
});

describe('lists', () => {
  beforeAll(async () => {
    for (const name of ['page-c', 'page-a', 'page-d', 'page-b', 'page-e']) {
      await app.call('POST', '/teams', { body: documents.team(name) });
    }
  });

  it.each(['name', '-name', 'createdAt', '-createdAt', 'updatedAt'])(
    'give every document once, sorted by %s',
    async (sort) => {
      const names: string[] = [];
      let cursor = '';
      do {
        const page = await app.call('GET', `/teams?q=page-&limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`);
        expect(page.body.total).toBe(5);
        names.push(...page.body.items.map((item: { metadata: { name: string } }) => item.metadata.name));
        cursor = page.body.nextCursor ?? '';
      } while (cursor !== '');
      const byName = ['page-a', 'page-b', 'page-c', 'page-d', 'page-e'];
      const byTime = ['page-c', 'page-a', 'page-d', 'page-b', 'page-e'];
      const ascending = sort.endsWith('name') ? byName : byTime;
      expect(names).toEqual(sort.startsWith('-') ? ascending.toReversed() : ascending);
    },
  );

  it('take the wildcards of LIKE in a search as they stand', async () => {
    await app.call('POST', '/teams', { body: documents.team('literal', { displayName: '50% off_\\' }) });
    const found = async (q: string) => (await app.call('GET', `/teams?q=${encodeURIComponent(q)}`)).body.total;
    expect(await found('%')).toBe(1);
    expect(await found('f_\\')).toBe(1);
    expect(await found('%_%_%_%_%')).toBe(0);
    expect(await found('_')).toBe(1);
  });
});

describe('references', () => {
  it('keep what is used from being deleted, and name the users', async () => {
    await app.call('POST', '/quotas', { body: documents.quota('attached') });
    await app.call('POST', '/teams', { body: documents.team('owners', { quotas: ['attached'] }) });
    await app.call('POST', '/llm-providers', { body: documents.provider('used') });
    await app.call('POST', '/llm-proxies', { body: documents.proxy('user', 'used') });
    await app.call('POST', '/model-prices', { body: documents.price('used-price', 'used') });
    await app.call('POST', '/virtual-keys', {
      body: documents.virtualKey('holder', { team: 'owners', proxies: ['user'] }),
    });

    const refused = async (path: string) => {
      const { status, body } = await app.call('DELETE', path);
      return { status, code: body?.code, message: body?.message };
    };
    const because = (message: string) => ({
      status: 409,
      code: 'still_referenced',
      message: expect.stringContaining(message),
    });
    expect(await refused('/quotas/attached')).toEqual(because('Team owners'));
    expect(await refused('/teams/owners')).toEqual(because('VirtualKey holder'));
    expect(await refused('/llm-providers/used')).toEqual(because('LlmProxy user, ModelPrice used-price'));
    expect(await refused('/llm-proxies/user')).toEqual(because('VirtualKey holder'));
  });

  it.each([
    ['/virtual-keys', documents.virtualKey('x', { team: 'nobody' }), 'spec.team'],
    ['/virtual-keys', documents.virtualKey('x', { quotas: ['nothing'] }), 'spec.quotas[0]'],
    ['/virtual-keys', documents.virtualKey('x', { proxies: ['*', 'nowhere'] }), 'spec.proxies[1]'],
    ['/llm-providers', documents.provider('x', { template: 'nothing' }), 'spec.template'],
    ['/llm-proxies', documents.proxy('x', 'nothing'), 'spec.provider.id'],
    [
      '/llm-proxies',
      documents.proxy('x', 'base', { additionalProviders: [{ id: 'no' }] }),
      'spec.additionalProviders[0].id',
    ],
    ['/model-prices', documents.price('x', 'nothing'), 'spec.provider'],
  ])('to what does not exist are refused: %s', async (path, body, field) => {
    const answer = await app.call('POST', path, { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid', errors: [{ field }] } });
  });

  it('do not let two proxies have one context', async () => {
    await app.call('POST', '/llm-proxies', { body: documents.proxy('first', 'base', { context: '/same' }) });
    const second = await app.call('POST', '/llm-proxies', {
      body: documents.proxy('second', 'base', { context: '/same' }),
    });
    expect(second).toMatchObject({ status: 409, body: { errors: [{ field: 'spec.context' }] } });
  });
});

describe('bodies', () => {
  it('may be YAML', async () => {
    const body = 'kind: Team\nmetadata: {name: from-yaml}\nspec:\n  displayName: From YAML\n';
    const answer = await app.call('POST', '/teams', { body, headers: { 'content-type': 'application/yaml' } });
    expect(answer).toMatchObject({ status: 201, body: { spec: { displayName: 'From YAML' } } });
  });

  it('may say the api versions of the seed, and a status that is dropped', async () => {
    const body = {
      ...documents.team('seeded'),
      apiVersion: 'gateway.api-platform.wso2.com/v1',
      kind: 'Team',
      status: { id: 'x' },
    };
    const answer = await app.call('POST', '/teams', { body });
    expect(answer).toMatchObject({ status: 201, body: { apiVersion: 'penstock.dev/v1' } });
    expect(answer.body.status.id).not.toBe('x');
  });
});

describe('built-in templates', () => {
  it('are there and can be neither changed nor deleted', async () => {
    const list = await app.call('GET', '/llm-provider-templates?limit=500');
    const names = list.body.items.map((item: { metadata: { name: string } }) => item.metadata.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'anthropic',
        'awsbedrock',
        'azure-openai',
        'azureai-foundry',
        'gemini',
        'mistralai',
        'openai',
        'openai-compatible',
        'vllm',
      ]),
    );
    expect((await app.call('DELETE', '/llm-provider-templates/openai')).body.code).toBe('built_in');
    const patched = await app.call('PATCH', '/llm-provider-templates/openai', {
      body: { spec: { displayName: 'Mine' } },
    });
    expect(patched.body.code).toBe('built_in');
  });
});
