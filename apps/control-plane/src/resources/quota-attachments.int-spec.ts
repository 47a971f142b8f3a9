import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LlmProvider, Team } from '@penstock/contracts';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  for (const name of ['one', 'two']) await app.call('POST', '/quotas', { body: documents.quota(name) });
});
afterAll(() => app.stop());

const references = async (quota: string) => {
  const { status, body } = await app.call('DELETE', `/quotas/${quota}`);
  expect({ status, code: body?.code }).toEqual({ status: 409, code: 'still_referenced' });
  return body.errors.map(({ message }: { message: string }) => message);
};

describe('a quota', () => {
  it('names everything that it is attached to: organization, teams, each key of them, providers and their models', async () => {
    await app.call('PATCH', '/organization', { body: { spec: { quotas: ['one'] } } });
    await app.call('POST', '/teams', { body: documents.team('crew', { quotas: ['one'], keyQuotas: ['one', 'two'] }) });
    await app.call('POST', '/llm-providers', {
      body: documents.provider('lab', { quotas: ['one'], models: [{ id: 'a' }, { id: 'b', quotas: ['one', 'two'] }] }),
    });
    expect(await references('one')).toEqual([
      'used by Organization default',
      'used by Team crew',
      'used by Team crew (each key)',
      'used by LlmProvider lab',
      'used by LlmProvider lab, model b',
    ]);
    expect(await references('two')).toEqual(['used by Team crew (each key)', 'used by LlmProvider lab, model b']);
  });

  it('goes with the model, the field or the subject that it was attached to', async () => {
    await app.call('PATCH', '/llm-providers/lab', { body: { spec: { models: [{ id: 'a' }] } } });
    expect(await references('two')).toEqual(['used by Team crew (each key)']);
    await app.call('PATCH', '/teams/crew', { body: { spec: { keyQuotas: [] } } });
    expect((await app.call('DELETE', '/quotas/two')).status).toBe(204);
    await app.call('PATCH', '/organization', { body: { spec: { quotas: null } } });
    await app.call('DELETE', '/teams/crew');
    expect(await references('one')).toEqual(['used by LlmProvider lab']);
    await app.call('DELETE', '/llm-providers/lab');
    expect((await app.call('DELETE', '/quotas/one')).status).toBe(204);
  });

  it.each([
    ['/teams', documents.team('x', { quotas: [], keyQuotas: ['kept', 'nothing'] }), 'spec.keyQuotas[1]'],
    ['/teams', documents.team('x', { keyQuotas: ['kept', 'kept'] }), 'spec.keyQuotas[1]'],
    [
      '/llm-providers',
      documents.provider('x', { models: [{ id: 'a' }, { id: 'b' }, { id: 'c', quotas: ['nothing'] }] }),
      'spec.models[2].quotas[0]',
    ],
    [
      '/llm-providers',
      documents.provider('x', { quotas: ['kept'], models: [{ id: 'a', quotas: ['kept', 'kept'] }] }),
      'spec.models[0].quotas[1]',
    ],
  ])('that is unknown or named twice is refused where it stands: %s', async (path, body, field) => {
    await app.call('POST', '/quotas', { body: documents.quota('kept') });
    expect(await app.call('POST', path, { body })).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('may be named by more models than one statement can carry, up to a bound', async () => {
    const names = ['p', 'q', 'r'].map((letter) => `many-${letter}`);
    for (const name of names) await app.call('POST', '/quotas', { body: documents.quota(name) });
    const models = (count: number, quotas: readonly string[]) =>
      Array.from({ length: count }, (_, index) => ({ id: `m${index}`, quotas }));
    const create = async (spec: object) =>
      app.call('POST', '/llm-providers', { body: documents.provider('big', spec) });
    const tooMany = await create({ models: models(2_000, names) });
    expect(tooMany).toMatchObject({ status: 400, body: { errors: [{ field: 'spec' }] } });
    expect((await create({ models: models(2_000, names.slice(0, 2)) })).status).toBe(201);
    const { client } = app.nest.get(PrismaService);
    expect(await client.quotaAttachment.count({ where: { provider: { name: 'big' } } })).toBe(4_000);
  });
});

describe('documents of an earlier release', () => {
  it('are read whole, and patched without losing anything', async () => {
    const { client } = app.nest.get(PrismaService);
    await app.call('POST', '/teams', { body: documents.team('old') });
    await client.team.updateMany({
      where: { name: 'old' },
      data: { spec: { displayName: 'Old', quotas: [], suspended: true } },
    });
    const team = Team.parse((await app.call('GET', '/teams/old')).body);
    expect((await app.call('GET', '/teams/old')).body.spec).toEqual(team.spec);
    expect(team.spec).toEqual({ displayName: 'Old', quotas: [], keyQuotas: [], suspended: true });
    const patched = await app.call('PATCH', '/teams/old', { body: { spec: { displayName: 'New' } } });
    expect(patched.body.spec).toEqual({ ...team.spec, displayName: 'New' });

    await app.call('POST', '/llm-providers', { body: documents.provider('old', { models: [{ id: 'm' }] }) });
    const { spec } = await client.llmProvider.findFirstOrThrow({ where: { name: 'old' } });
    const former = { ...(spec as object), models: [{ id: 'm', upstreamModel: 'vendor/m' }] };
    await client.llmProvider.updateMany({ where: { name: 'old' }, data: { spec: former } });
    const provider = (await app.call('GET', '/llm-providers/old')).body;
    expect(LlmProvider.parse(provider).spec).toEqual(provider.spec);
    expect(provider.spec.models).toEqual([{ id: 'm', upstreamModel: 'vendor/m', profile: {}, quotas: [] }]);
  });
});
