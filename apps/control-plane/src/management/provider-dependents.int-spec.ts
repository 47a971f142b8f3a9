import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  for (const name of ['first', 'second', 'alone']) {
    await app.call('POST', '/llm-providers', { body: documents.provider(name) });
  }
  await app.call('POST', '/llm-proxies', { body: documents.proxy('simple', 'first') });
  const additionalProviders = [{ id: 'second', as: 'other' }];
  await app.call('POST', '/llm-proxies', { body: documents.proxy('double', 'first', { additionalProviders }) });
});
afterAll(() => app.stop());

const manage = (method: 'GET' | 'DELETE', path: string) => app.fetch(method, `/api/management/v1${path}`, {});
const dependentsOf = async (provider: string) => {
  const { status, body } = await manage('GET', `/llm-providers/${provider}/llm-proxies`);
  expect([status, body.status, body.count]).toEqual([200, 'success', body.proxies.length]);
  return body.proxies.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
};

describe('A8: the proxies of a provider', () => {
  it('A8: are listed, whether they have it as their primary or as an additional one', async () => {
    expect(await dependentsOf('first')).toEqual(['double', 'simple']);
    expect(await dependentsOf('second')).toEqual(['double']);
    expect(await dependentsOf('alone')).toEqual([]);
    const { body } = await manage('GET', '/llm-providers/second/llm-proxies');
    expect(body.proxies[0]).toEqual((await manage('GET', '/llm-proxies/double')).body);
  });

  it('A8: are those that the refusal of its deletion lists', async () => {
    for (const provider of ['first', 'second']) {
      const { status, body } = await manage('DELETE', `/llm-providers/${provider}`);
      const listed = body.errors.map(({ message }: { message: string }) => message.split(' ').at(-1));
      expect([status, listed.toSorted()]).toEqual([409, await dependentsOf(provider)]);
    }
    expect((await manage('DELETE', '/llm-providers/alone')).status).toBe(200);
  });

  it('A8: of a provider that does not exist are a 404', async () => {
    for (const id of ['nobody', 'invalid@x%23y']) {
      expect(await manage('GET', `/llm-providers/${id}/llm-proxies`)).toMatchObject({
        status: 404,
        body: { status: 'error' },
      });
    }
  });
});

describe('A8: revisions', () => {
  const revisionOf = async (revision: number) => (await app.call('GET', `/config/revisions/${revision}`)).body;
  const newest = async (): Promise<number> =>
    (await app.call('GET', '/config/revisions?limit=1')).body.items[0].revision;
  const contextOf = async () => (await app.call('GET', '/llm-proxies/simple')).body.spec.context;
  const move = (context: string) => app.call('PATCH', '/llm-proxies/simple', { body: { spec: { context } } });

  it('A8: stay as they were, and each of them can be gone back to', async () => {
    await move('/one');
    const first = await newest();
    const before = await revisionOf(first);
    await move('/two');
    const second = await newest();
    expect(second).toBeGreaterThan(first);
    expect(await revisionOf(first)).toEqual(before);
    expect((await app.call('POST', '/config/rollback', { body: { revision: first } })).status).toBe(200);
    expect(await contextOf()).toBe('/one');
    expect((await app.call('POST', '/config/rollback', { body: { revision: second } })).status).toBe(200);
    expect(await contextOf()).toBe('/two');
    expect(await revisionOf(first)).toEqual(before);
  });
});
