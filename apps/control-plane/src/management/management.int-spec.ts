import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

const BASE = '/api/management/v1';
const WSO2 = 'gateway.api-platform.wso2.com/v1';
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options: object = {}) =>
  app.fetch(method, `${BASE}${path}`, options);
const document = (kind: string, { metadata, spec }: { metadata: object; spec: object }) => ({
  apiVersion: WSO2,
  kind,
  metadata,
  spec,
});
const provider = (name: string, spec: object = {}) => document('LlmProvider', documents.provider(name, spec));
const proxy = (name: string, to: string, spec: object = {}) => document('LlmProxy', documents.proxy(name, to, spec));
const template = (name: string, spec: object = {}) => document('LlmProviderTemplate', documents.template(name, spec));
const secret = (name: string) => document('Secret', { metadata: { name }, spec: { displayName: name, value: 'v' } });
const times = { createdAt: expect.any(String), updatedAt: expect.any(String) };

interface Kind {
  readonly path: string;
  readonly listKey: string;
  readonly noun: string;
  readonly make: (name: string, spec?: object) => object;
}
const kinds: readonly Kind[] = [
  { path: '/llm-provider-templates', listKey: 'templates', noun: 'LLM provider template', make: template },
  { path: '/llm-providers', listKey: 'providers', noun: 'LLM provider', make: provider },
  { path: '/llm-proxies', listKey: 'proxies', noun: 'LLM proxy', make: (name, spec) => proxy(name, 'base', spec) },
];

describe.each(kinds)('A6: $path', ({ path, listKey, noun, make }) => {
  const name = `crud-${listKey}`;
  beforeAll(async () => {
    await call('POST', '/llm-providers', { body: provider('base') });
  });

  it('A6: creates, reads, lists, changes and deletes', async () => {
    const created = await call('POST', path, { body: make(name) });
    expect(created).toMatchObject({ status: 201, body: { apiVersion: WSO2, metadata: { name } } });
    expect(created.body.status).toEqual({ id: name, state: 'deployed', deployedAt: expect.any(String), ...times });
    expect((await call('GET', `${path}/${name}`)).body).toEqual(created.body);
    const list = await call('GET', path);
    expect(list.body).toMatchObject({ status: 'success', count: list.body[listKey].length });
    expect(list.body[listKey]).toContainEqual(created.body);
    expect((await call('PUT', `${path}/${name}`, { body: created.body })).status).toBe(200);
    const renamed = await call('PUT', `${path}/${name}`, { body: make(name, { displayName: 'Renamed' }) });
    expect(renamed).toMatchObject({ status: 200, body: { spec: { displayName: 'Renamed' } } });
    const removed = await call('DELETE', `${path}/${name}`);
    expect(removed.status).toBe(200);
    expect(removed.body).toEqual({ status: 'success', message: `${noun} deleted successfully`, id: name });
    expect((await call('GET', `${path}/${name}`)).status).toBe(404);
  });

  it('A6: answers a taken name with 409, and a changed one with 400', async () => {
    await call('POST', path, { body: make('taken') });
    const taken = await call('POST', path, { body: make('taken') });
    expect(taken).toMatchObject({ status: 409, body: { status: 'error', message: expect.any(String) } });
    const moved = await call('PUT', `${path}/taken`, { body: make('other') });
    expect(moved).toMatchObject({
      status: 400,
      body: {
        status: 'error',
        errors: [{ field: 'metadata.name', message: expect.stringContaining("from 'taken' to 'other'") }],
      },
    });
    await call('DELETE', `${path}/taken`);
  });

  it.each(['nobody', 'invalid@x%23y', '..%2F..', 'UPPER', '%20', 'x'.repeat(290)])(
    'A6: answers the unknown id %s with 404 in JSON',
    async (id) => {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const body = method === 'PUT' ? { body: make('nobody') } : {};
        const answer = await call(method, `${path}/${id}`, body);
        expect(answer).toMatchObject({ status: 404, body: { status: 'error' } });
      }
    },
  );

  it.each([
    ['application/json', '{"kind": '],
    ['application/yaml', 'kind: [unclosed'],
    ['application/yaml', 'a: 1\na: 2'],
    ['application/json', '[]'],
    ['application/json', 'null'],
    ['application/yaml', ''],
    ['text/plain', 'kind: x'],
    ['application/xml', '<kind/>'],
  ])('A6: refuses %s of %j', async (type, body) => {
    for (const [method, url] of [
      ['POST', path],
      ['PUT', `${path}/nobody`],
    ] as const) {
      const { status, body: refusal } = await call(method, url, { body, headers: { 'content-type': type } });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(refusal).toMatchObject({ status: 'error', message: expect.any(String), errors: expect.any(Array) });
    }
  });

  it('A6: reads and writes YAML', async () => {
    const headers = { 'content-type': 'application/yaml', accept: 'application/yaml' };
    const created = await call('POST', path, { body: stringify(make('yaml')), headers });
    expect([created.status, created.headers['content-type']]).toEqual([201, 'application/yaml; charset=utf-8']);
    expect(parse(created.text)).toMatchObject({ apiVersion: WSO2, metadata: { name: 'yaml' } });
    const list = await call('GET', path, { headers: { accept: 'application/yaml' } });
    expect(parse(list.text)).toMatchObject({ status: 'success', [listKey]: expect.any(Array) });
    expect(parse((await call('DELETE', `${path}/yaml`, { headers: { accept: 'text/yaml' } })).text)).toMatchObject({
      id: 'yaml',
    });
  });

  it('A1: accepts all three versions of documents, and writes one', async () => {
    const versions = ['penstock.dev/v1', WSO2, `${WSO2}alpha1`];
    for (const [index, apiVersion] of versions.entries()) {
      const { status, body } = await call('POST', path, { body: { ...make(`version-${index}`), apiVersion } });
      expect([status, body.apiVersion]).toEqual([201, WSO2]);
      await call('DELETE', `${path}/version-${index}`);
    }
    const unknown = await call('POST', path, { body: { ...make('version-x'), apiVersion: 'other/v1' } });
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ field: 'apiVersion' }] } });
  });

  it('A1: ignores a status that it is sent, and refuses another kind', async () => {
    const { body } = await call('POST', path, {
      body: { ...make('status'), status: { id: 'x', state: 'undeployed' } },
    });
    expect(body.status).toMatchObject({ id: 'status', state: 'deployed' });
    const kind = await call('PUT', `${path}/status`, { body: { ...make('status'), kind: 'Mcp' } });
    expect(kind.body.errors).toEqual([{ field: 'kind', message: expect.stringMatching(/^Kind must be 'Llm/) }]);
    await call('DELETE', `${path}/status`);
  });

  it('A6: narrows lists by the display name, and tolerates paging', async () => {
    await call('POST', path, { body: make('narrow', { displayName: 'Narrow one' }) });
    const names = async (query: string) => {
      const { body } = await call('GET', `${path}?${query}`);
      expect(body.count).toBe(body[listKey].length);
      return body[listKey].map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    };
    expect(await names('displayName=Narrow%20one')).toEqual(['narrow']);
    expect(await names('displayName=Nobody')).toEqual([]);
    expect(await names('displayName=Narrow')).toEqual([]);
    expect(await names('limit=1&offset=0')).toContain('narrow');
    await call('DELETE', `${path}/narrow`);
  });
});

describe('A6: what is wrong with policies', () => {
  it('A6: a version or a name that does not exist, and both spellings at once, are a 400 that names the field', async () => {
    const cors = { name: 'cors', version: 'v1', params: {} };
    const refusal = async (spec: object) => {
      const { status, body } = await call('POST', '/llm-proxies', { body: proxy('unsound', 'base', spec) });
      return [status, body.errors[0]];
    };
    expect(await refusal({ policies: [{ ...cors, version: 'v999' }] })).toEqual([
      400,
      { field: 'spec.policies[0].version', message: "'cors' has no version v999" },
    ]);
    for (const name of ['semantic-prompt-guard', 'aws-bedrock-guardrail', 'azure-content-safety-content-moderation']) {
      expect(await refusal({ globalPolicies: [{ ...cors, name }] })).toEqual([
        400,
        { field: 'spec.globalPolicies[0].name', message: `unknown policy '${name}'` },
      ]);
    }
    expect(await refusal({ policies: [cors], globalPolicies: [cors] })).toEqual([
      400,
      expect.objectContaining({ field: 'spec.policies' }),
    ]);
    expect(await refusal({ policies: [{ ...cors, params: { maxAge: -1 } }] })).toEqual([
      400,
      expect.objectContaining({ field: 'spec.policies[0].params.maxAge' }),
    ]);
    expect((await call('GET', '/llm-proxies/unsound')).status).toBe(404);
  });
});

describe('A6: lists of providers and proxies', () => {
  it('A6: are narrowed by version, context, status and vhost', async () => {
    await call('POST', '/llm-providers', { body: provider('versioned', { version: 'v7.1' }) });
    const undeployed = { version: 'v7.1', context: '/ctx/x', deploymentState: 'undeployed' };
    await call('POST', '/llm-proxies', { body: proxy('narrowed', 'versioned', undeployed) });
    const names = async (path: string, listKey: string) => {
      const { body } = await call('GET', path);
      return body[listKey].map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    };
    expect(await names('/llm-providers?version=v7.1', 'providers')).toEqual(['versioned']);
    expect(await names('/llm-providers?version=v7.1&status=undeployed', 'providers')).toEqual([]);
    expect(await names('/llm-providers?vhost=nobody.example', 'providers')).toEqual([]);
    expect(await names('/llm-proxies?context=/ctx/x', 'proxies')).toEqual(['narrowed']);
    expect(await names('/llm-proxies?status=undeployed', 'proxies')).toEqual(['narrowed']);
    expect(await names('/llm-proxies?status=deployed&version=v7.1', 'proxies')).toEqual([]);
    expect(await names('/llm-proxies?vhost=nobody.example', 'proxies')).toEqual([]);
    const { body } = await call('GET', '/llm-proxies/narrowed');
    expect(body.status).toEqual({ id: 'narrowed', state: 'undeployed', ...times });
  });

  it('A6: a list is whole, however long it is', async () => {
    const { body: before } = await call('GET', '/secrets');
    const { client } = app.nest.get(PrismaService);
    const { organizationId } = await client.llmProvider.findFirstOrThrow();
    const row = { organizationId, labels: {}, annotations: {}, spec: {} };
    await client.secret.createMany({
      data: Array.from({ length: 1001 }, (_, index) => ({ ...row, name: `many-${index}` })),
    });
    expect((await call('GET', '/secrets')).body.count).toBe(before.count + 1001);
    await client.secret.deleteMany({ where: { name: { startsWith: 'many-' } } });
  });
});

describe('A6: what is referred to', () => {
  it('A6: cannot be deleted, and the 409 lists every proxy, also those that have it as an additional provider', async () => {
    await call('POST', '/llm-provider-templates', { body: template('in-use') });
    for (const name of ['primary', 'additional']) {
      await call('POST', '/llm-providers', { body: provider(name, { template: 'in-use' }) });
    }
    const additionalProviders = [{ id: 'additional', as: 'second' }];
    await call('POST', '/llm-proxies', { body: proxy('holder', 'primary', { additionalProviders }) });
    const messages = async (path: string) => {
      const { status, body } = await call('DELETE', path);
      return [status, ...body.errors.map(({ message }: { message: string }) => message)];
    };
    expect(await messages('/llm-provider-templates/in-use')).toEqual([
      409,
      'used by LlmProvider primary',
      'used by LlmProvider additional',
    ]);
    expect(await messages('/llm-providers/primary')).toEqual([409, 'used by LlmProxy holder']);
    expect(await messages('/llm-providers/additional')).toEqual([409, 'used by LlmProxy holder']);
  });

  it('A3: an unknown template, and A4: an unknown provider, is a 400 that names the field', async () => {
    const orphan = await call('POST', '/llm-providers', { body: provider('orphan', { template: 'nowhere' }) });
    expect(orphan).toMatchObject({ status: 400, body: { errors: [{ field: 'spec.template' }] } });
    const lost = await call('POST', '/llm-proxies', { body: proxy('lost', 'nowhere') });
    expect(lost).toMatchObject({ status: 400, body: { errors: [{ field: 'spec.provider.id' }] } });
  });
});

describe('A2: templates', () => {
  it("A2: keep group and version, leave 'wso2' to built-ins, and have defaults", async () => {
    const path = '/llm-provider-templates/rules';
    const created = await call('POST', '/llm-provider-templates', { body: template('rules', { version: 'v2.0' }) });
    expect(created.body.spec).toMatchObject({ groupId: 'rules', managedBy: 'customer', version: 'v2.0' });
    const refusal = async (spec: object) => (await call('PUT', path, { body: template('rules', spec) })).body.errors;
    expect(await refusal({ version: 'v3.0' })).toEqual([{ field: 'spec.version', message: 'version is immutable' }]);
    expect(await refusal({ groupId: 'x' })).toEqual([{ field: 'spec.groupId', message: 'groupId is immutable' }]);
    for (const managedBy of ['wso2', 'penstock']) {
      expect(await refusal({ managedBy })).toEqual([
        { field: 'spec.managedBy', message: expect.stringContaining('reserved') },
      ]);
    }
    const kept = await call('PUT', path, { body: template('rules', { managedBy: 'organization' }) });
    expect(kept.body.spec).toMatchObject({ groupId: 'rules', managedBy: 'organization', version: 'v2.0' });
    const moved = await call('PUT', path, { body: template('moved') });
    expect(moved.body.errors[0].message).toBe(
      "cannot change template handle from 'rules' to 'moved'; use create/delete instead",
    );
  });

  it('A2: that are built in are there, and stay as they are', async () => {
    const { body } = await call('GET', '/llm-provider-templates');
    const names = body.templates.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    const builtIn = [
      'openai',
      'azure-openai',
      'azureai-foundry',
      'anthropic',
      'mistralai',
      'gemini',
      'awsbedrock',
      'vllm',
    ];
    expect(names).toEqual(expect.arrayContaining(builtIn));
    expect((await call('DELETE', '/llm-provider-templates/openai')).status).toBe(409);
  });
});

describe('A6: secrets', () => {
  it('A6: are written and never read back', async () => {
    const created = await call('POST', '/secrets', { body: secret('token') });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      apiVersion: WSO2,
      kind: 'Secret',
      metadata: { name: 'token', labels: {}, annotations: {} },
      spec: { displayName: 'token' },
      status: { id: 'token', ...times },
    });
    expect((await call('GET', '/secrets')).body).toMatchObject({ status: 'success', count: 1 });
    expect((await call('GET', '/secrets/token')).body.spec).toEqual({ displayName: 'token' });
    expect((await call('POST', '/secrets', { body: secret('token') })).status).toBe(409);
    expect((await call('PUT', '/secrets/token', { body: secret('token') })).status).toBe(200);
    expect((await call('POST', '/secrets', { body: { metadata: { name: 'none' }, spec: {} } })).status).toBe(400);
    const removed = await call('DELETE', '/secrets/token');
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await call('DELETE', '/secrets/token')).status).toBe(404);
  });
});

describe('A3: a write-only credential', () => {
  it('A3: is never returned, is inherited by a PUT without it, and goes with type none', async () => {
    const auth = { type: 'api-key', header: 'X-Key', value: 'some-long-vendor-key' };
    const url = 'http://127.0.0.1:18000/v1';
    const { text } = await call('POST', '/llm-providers', { body: provider('keyed', { upstream: { url, auth } }) });
    expect(text).not.toContain('vendor-key');
    const { body } = await call('GET', '/llm-providers/keyed');
    expect(body.spec.upstream.auth).toEqual({ type: 'api-key', header: 'X-Key' });
    const again = await call('PUT', '/llm-providers/keyed', { body });
    expect(again.status).toBe(200);
    const stored = await app.call('GET', '/llm-providers/keyed');
    expect(stored.body.status.credential).toMatchObject({ lastFour: '-key' });
    await call('PUT', '/llm-providers/keyed', {
      body: provider('keyed', { upstream: { url, auth: { type: 'none' } } }),
    });
    expect((await app.call('GET', '/llm-providers/keyed')).body.status.credential).toBeNull();
  });
});
