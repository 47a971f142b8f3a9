import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { deriveKeys, openCredential, openSecret } from '@penstock/secrets';
import { Redis } from 'ioredis';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';

const VALUE = 'sk-secret-of-the-vendor-4711';
const keys = deriveKeys(TEST_MASTER_KEY);
const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp();
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

const secret = (name: string, spec: object = { value: VALUE }) => ({ kind: 'Secret', metadata: { name }, spec });
const create = (name: string, spec?: object) => app.call('POST', '/secrets', { body: secret(name, spec) });
const createProvider = (name: string, value: string) =>
  app.call('POST', '/llm-providers', { body: documents.providerWithSecret(name, value) });
const client = () => app.nest.get(PrismaService).client;

async function published(): Promise<ConfigSnapshot> {
  const text = await redis.get(redisNames.snapshot);
  return JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
}

describe('A6: a secret', () => {
  it('A6: is sealed, and no answer, audit row or revision ever shows it', async () => {
    const created = await create('sealed', { displayName: 'Sealed', description: 'For a test', value: VALUE });
    expect(created.status).toBe(201);
    expect(created.body.spec).toEqual({ displayName: 'Sealed', description: 'For a test' });
    expect(created.body.status.value).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      updatedAt: expect.any(String),
    });
    await createProvider('sealed-user', 'Bearer {{ secret "sealed" }}');
    const texts = [
      created.text,
      (await app.call('GET', '/secrets/sealed')).text,
      (await app.call('GET', '/secrets')).text,
      (await app.call('GET', '/audit-events')).text,
      (await app.call('GET', '/llm-providers/sealed-user')).text,
      JSON.stringify(await client().secret.findMany()),
      JSON.stringify(await published()),
    ];
    for (const text of texts) expect(text).not.toContain('secret-of-the-vendor');
    const row = await client().secret.findFirstOrThrow({ where: { name: 'sealed' } });
    expect(openSecret(row.sealedValue, keys, row)).toBe(VALUE);
  });

  it('A6: keeps its value where an update leaves it out, and takes a new one', async () => {
    const before = (await create('kept')).body.status.value;
    const described = await app.call('PUT', '/secrets/kept', { body: secret('kept', { description: 'x' }) });
    expect(described.body).toMatchObject({ spec: { description: 'x' }, status: { value: before } });
    const changed = await app.call('PATCH', '/secrets/kept', { body: { spec: { value: 'another value' } } });
    expect(changed.body.status.value.fingerprint).not.toBe(before.fingerprint);
    expect(changed.body.spec).toEqual({ description: 'x' });
    const row = await client().secret.findFirstOrThrow({ where: { name: 'kept' } });
    expect(openSecret(row.sealedValue, keys, row)).toBe('another value');
  });

  it.each([
    ['without a value', {}, 'spec.value'],
    ['with an empty value', { value: '' }, 'spec.value'],
    ['with too long a value', { value: 'x'.repeat(10_241) }, 'spec.value'],
    ['with a field nobody knows', { value: 'x', extra: 1 }, 'spec.extra'],
  ])('A6: is refused %s', async (_, spec, field) => {
    const answer = await create('refused', spec);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('A6: has a name of its own, and a value of up to 10,240 characters', async () => {
    expect((await create('long', { value: 'x'.repeat(10_240) })).status).toBe(201);
    expect((await create('long')).status).toBe(409);
  });

  it('A6: that is referred to cannot be deleted, and the answer lists who refers to it', async () => {
    await create('wanted');
    await createProvider('wanting', 'Bearer {{ secret "wanted" | default "x" }}');
    const refused = await app.call('DELETE', '/secrets/wanted');
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'still_referenced', errors: [{ message: 'used by LlmProvider wanting' }] },
    });
    await app.call('PATCH', '/llm-providers/wanting', {
      body: { spec: { upstream: { auth: { type: 'api-key', value: 'Bearer plain-credential' } } } },
    });
    expect((await app.call('DELETE', '/secrets/wanted')).status).toBe(204);
    expect((await app.call('GET', '/secrets/wanted')).status).toBe(404);
  });
});

describe('A7: a credential that refers to secrets', () => {
  it('A7: is stored as it is written, sealed, and says which secrets it names', async () => {
    await create('one');
    await create('two');
    const text = 'Bearer {{ secret "one" }}{{ secret "two" }}{{ env "PENSTOCK_SECRET_TAIL" | default "" }}';
    const { body } = await createProvider('referring', text);
    expect(body.status.credential).toMatchObject({ lastFour: '', secrets: ['one', 'two'] });
    const row = await client().credential.findFirstOrThrow({ where: { provider: { name: 'referring' } } });
    expect(row.sealedValue).not.toContain('secret');
    expect(openCredential(row.sealedValue, keys, row)).toBe(text);
  });

  it.each([
    ['Bearer {{ secret "nowhere" }}', "there is no Secret named 'nowhere'"],
    ['{{ secret "nowhere" | required }}', "there is no Secret named 'nowhere'"],
    ['{{ env "PENSTOCK_MASTER_KEY" }}', 'begin with PENSTOCK_SECRET_'],
    ['{{ env "PATH" | default "x" }}', 'begin with PENSTOCK_SECRET_'],
    ['{{ vault "x" }}', 'neither'],
    ['{{ secret "x"', "without its '}}'"],
  ])('A7: %s is refused at save', async (value, message) => {
    const answer = await createProvider('broken', value);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'spec.upstream.auth.value', message: expect.stringContaining(message) }] },
    });
  });

  it('A7: may name a secret that is missing where a default stands in for it', async () => {
    const { status, body } = await createProvider('default', '{{ secret "later" | default "Bearer fallback" }}');
    expect([status, body.status?.credential?.secrets]).toEqual([201, ['later']]);
  });

  it('A7: goes out unrendered with the sealed secrets that it names, and a rotation is a new revision', async () => {
    await create('rotating');
    await create('bystander');
    const provider = (await createProvider('rotated', 'Bearer {{ secret "rotating" }}')).body;
    const before = await published();
    expect(before.secrets?.map(({ name }) => name)).toEqual(expect.arrayContaining(['rotating']));
    expect(before.secrets?.map(({ name }) => name)).not.toContain('bystander');
    const sealed = before.providers.find(({ id }) => id === provider.status.id)?.auth?.sealedValue ?? '';
    const { organizationId } = before.organizations.map(({ id }) => ({ organizationId: id }))[0] ?? {
      organizationId: '',
    };
    expect(openCredential(sealed, keys, { organizationId, providerId: provider.status.id })).toContain('{{ secret');
    await app.call('PATCH', '/secrets/rotating', { body: { spec: { value: 'rotated-value' } } });
    const after = await published();
    expect(after.revision).toBe(before.revision + 1);
    const [now] = (after.secrets ?? []).filter(({ name }) => name === 'rotating');
    expect(now && openSecret(now.sealedValue, keys, now)).toBe('rotated-value');
    const diff = await app.call('GET', `/config/diff?from=${before.revision}&to=${after.revision}`);
    expect(diff.body.items).toEqual([
      expect.objectContaining({ kind: 'Secret', name: 'rotating', change: 'changed', fields: ['sealedValue'] }),
    ]);
    await app.call('PATCH', '/llm-providers/rotated', { body: { spec: { deploymentState: 'undeployed' } } });
    expect((await published()).secrets?.map(({ name }) => name)).not.toContain('rotating');
  });
});

describe('A7: policies that refer to secrets', () => {
  const reference = (name: string) => `Bearer {{ secret "${name}" }}`;
  const headers = (value: string) => ({
    name: 'set-headers',
    params: { requestHeaders: [{ name: 'x-token', value }] },
  });
  const createProxy = (name: string, policies: readonly object[], spec: object = {}) =>
    app.call('POST', '/llm-proxies', { body: documents.proxy(name, 'governed', { policies, ...spec }) });
  beforeAll(async () => {
    await app.call('POST', '/llm-providers', { body: documents.provider('governed') });
  });

  it('A7: are stored and exported as they are written, and go out with the sealed secrets that they name', async () => {
    await create('of-policy');
    const first = headers(reference('of-policy'));
    const policies = [
      first,
      {
        name: 'request-size',
        paths: [{ path: '/*', methods: ['*'], params: { maxBytes: '{{ env "PENSTOCK_SECRET_B" }}' } }],
      },
    ];
    const created = await createProxy('referring-proxy', policies);
    expect([created.status, created.body.errors]).toEqual([201, undefined]);
    const read = await app.call('GET', '/llm-proxies/referring-proxy');
    expect(read.body.spec.policies[0].params).toEqual(first.params);
    const snapshot = await published();
    expect(snapshot.secrets?.map(({ name }) => name)).toContain('of-policy');
    const [sent] = snapshot.proxies.filter(({ name }) => name === 'referring-proxy');
    expect(JSON.stringify(sent?.policies)).toContain('{{ secret');
    expect(JSON.stringify(snapshot)).not.toContain('secret-of-the-vendor');
  });

  it('A7: a secret that a policy or a transformer names cannot be deleted, and the answer lists who names it', async () => {
    await create('held');
    await createProxy('holding', [], {
      globalPolicies: [headers(reference('held'))],
    });
    const transformer = {
      type: 'openai-to-mistral',
      version: 'v1',
      params: { model: '{{ secret "held" | default "m" }}' },
    };
    await app.call('POST', '/llm-providers', { body: documents.provider('second') });
    const second = await createProxy('transforming', [], { additionalProviders: [{ id: 'second', transformer }] });
    expect([second.status, second.body.errors]).toEqual([201, undefined]);
    const refused = await app.call('DELETE', '/secrets/held');
    expect(refused).toMatchObject({ status: 409, body: { code: 'still_referenced' } });
    expect(refused.body.errors.map(({ message }: { message: string }) => message)).toEqual([
      'used by LlmProxy holding',
      'used by LlmProxy transforming',
    ]);
    for (const name of ['holding', 'transforming']) await app.call('DELETE', `/llm-proxies/${name}`);
    expect((await app.call('DELETE', '/secrets/held')).status).toBe(204);
  });

  it('A7: are refused at save with each place where something is wrong', async () => {
    const { status, body } = await createProxy('faulty', [
      headers(reference('nowhere')),
      headers('{{ env "PATH" }}'),
      headers('{{ secret "x" | upper }}'),
      headers('{{ secret "later" | default "x" }} and {{ other }}'),
    ]);
    const field = (index: number) => `spec.policies[${index}].params.requestHeaders[0].value`;
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { field: field(0), message: "there is no Secret named 'nowhere'" },
      { field: field(1), message: expect.stringContaining('begin with PENSTOCK_SECRET_') },
      { field: field(2), message: expect.stringContaining('may only be followed by') },
    ]);
  });

  it('A7: of providers are held to the same', async () => {
    await create('of-provider');
    const spec = (name: string) => documents.provider('governing', { policies: [headers(reference(name))] });
    expect((await app.call('POST', '/llm-providers', { body: spec('nowhere') })).status).toBe(400);
    expect((await app.call('POST', '/llm-providers', { body: spec('of-provider') })).status).toBe(201);
    expect((await published()).secrets?.map(({ name }) => name)).toContain('of-provider');
    const refused = await app.call('DELETE', '/secrets/of-provider');
    expect(refused.body.errors).toMatchObject([{ message: 'used by LlmProvider governing' }]);
  });
});

describe('A7: tests of providers', () => {
  it('A7: show the upstream the resolved credential, and say which reference fails', async () => {
    const shown: (string | undefined)[] = [];
    const upstream = createServer((request, response) => {
      shown.push(request.headers.authorization);
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'qwen' }] }));
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
    const draft = (value: string) => ({
      template: 'vllm',
      upstream: { url, auth: { type: 'api-key', header: 'Authorization', value } },
    });
    await create('tested', { value: 'sk-tested' });
    try {
      process.env['PENSTOCK_SECRET_TAIL'] = '-tail';
      const spec = { displayName: 'Tested', ...draft('Bearer {{ secret "tested" }}{{ env "PENSTOCK_SECRET_TAIL" }}') };
      await app.call('POST', '/llm-providers', { body: { metadata: { name: 'tested' }, spec } });
      const { body } = await app.call('POST', '/llm-providers/tested/test');
      expect([body, shown]).toMatchObject([{ ok: true, models: ['qwen'] }, ['Bearer sk-tested-tail']]);
    } finally {
      delete process.env['PENSTOCK_SECRET_TAIL'];
      upstream.close();
    }
    const unset = await app.call('POST', '/llm-providers/tested/test');
    expect(unset).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            field: 'upstream.auth.value',
            message: "the environment variable 'PENSTOCK_SECRET_TAIL' does not exist",
          },
        ],
      },
    });
  });
});
