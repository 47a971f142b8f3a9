import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUILT_IN_TEMPLATES } from '../llm-provider-templates/built-in-templates.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app.stop();
});

const revisions = async () => (await app.call('GET', '/config/revisions?limit=1')).body.items;

describe('built-in templates of another release', () => {
  it('become those of this one at its start, in what gateways get too, and only once', async () => {
    expect((await app.call('POST', '/llm-providers', { body: documents.provider('lab') })).status).toBe(201);
    const prisma = app.nest.get(PrismaService).client;
    const { template } = documents.provider('lab').spec;
    const old = { ...BUILT_IN_TEMPLATES.get(template), profile: { maxStops: 1 } };
    await prisma.llmProviderTemplate.updateMany({
      where: { name: template },
      data: { spec: JSON.parse(JSON.stringify(old)) as object },
    });
    expect((await app.call('POST', '/teams', { body: documents.team('later') })).status).toBe(201);
    const [before] = await revisions();

    await (await startTestApp()).stop();
    const [after] = await revisions();
    expect(after).toMatchObject({ revision: before.revision + 1, cause: 'built-in templates of another release' });
    const { spec } = (await app.call('GET', `/llm-provider-templates/${template}`)).body;
    expect(spec).toEqual(JSON.parse(JSON.stringify(BUILT_IN_TEMPLATES.get(template))));

    await (await startTestApp()).stop();
    expect(await revisions()).toEqual([after]);
  });
});

describe('tables of another release', () => {
  it('are published as this one reads them, at its first start and only once', async () => {
    const prisma = app.nest.get(PrismaService).client;
    await prisma.organization.updateMany({ data: { spec: { timeZone: 'Europe/Berlin' } } });
    const [before] = await revisions();
    await (await startTestApp()).stop();
    const [after] = await revisions();
    expect(after).toMatchObject({ revision: before.revision + 1, cause: 'start of another release' });
    await (await startTestApp()).stop();
    expect(await revisions()).toEqual([after]);
  });
});
