import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OWNER, startTestApp, type TestApp } from '../testing/test-app.ts';

const BASE = '/api/management/v1';
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const call = (method: 'GET' | 'POST', path: string, options: object = {}) =>
  app.fetch(method, `${BASE}${path}`, options);
const secret = (name: string) => ({ kind: 'Secret', metadata: { name }, spec: { displayName: name, value: 'v' } });

describe('A6: who may call', () => {
  const basic = (email: string, password: string) => ({
    token: null,
    headers: { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` },
  });

  it('A6: is asked for a password or a token', async () => {
    const answer = await call('GET', '/llm-providers', { token: null });
    expect(answer).toMatchObject({ status: 401, body: { status: 'error' } });
    expect(answer.headers['www-authenticate']).toBe('Basic realm="penstock", Bearer realm="penstock"');
    expect((await app.call('GET', '/llm-providers', { token: null })).headers['www-authenticate']).not.toContain(
      'Basic',
    );
  });

  it('A6: a password is good here and nowhere else, many times at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => call('GET', '/llm-providers', basic(OWNER.email, OWNER.password))),
    );
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(
      (await call('POST', '/secrets', { ...basic(OWNER.email.toUpperCase(), OWNER.password), body: secret('by-user') }))
        .status,
    ).toBe(201);
    expect((await app.call('GET', '/llm-providers', basic(OWNER.email, OWNER.password))).status).toBe(401);
  });

  it('A6: a wrong password is refused, and slowed down', async () => {
    for (const malformed of ['Basic', 'Basic !', `Basic ${Buffer.from('nobody').toString('base64')}`]) {
      const answer = await call('GET', '/secrets', { token: null, headers: { authorization: malformed } });
      expect(answer.status).toBe(401);
    }
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      statuses.push(
        (await call('GET', '/secrets', { ...basic('eve@example.com', 'guess'), address: '10.9.9.9' })).status,
      );
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  });

  it('A6: reading is for every user, writing and API keys are for admins alone', async () => {
    const user = {
      email: 'reader@example.com',
      displayName: 'Reader',
      role: 'viewer',
      password: 'a long password here',
    };
    expect((await app.call('POST', '/users', { body: user })).status).toBe(201);
    const asReader = basic(user.email, user.password);
    const statusOf = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body: object = {}) =>
      (await app.fetch(method, `${BASE}${path}`, { ...asReader, ...(method === 'GET' ? {} : { body }) })).status;
    for (const kind of ['llm-provider-templates', 'llm-providers', 'llm-proxies', 'secrets']) {
      expect([kind, await statusOf('GET', `/${kind}`), await statusOf('GET', `/${kind}/nobody`)]).toEqual([
        kind,
        200,
        404,
      ]);
      for (const [method, path] of [
        ['POST', ''],
        ['PUT', '/nobody'],
        ['DELETE', '/nobody'],
      ] as const) {
        expect([kind, method, await statusOf(method, `/${kind}${path}`)]).toEqual([kind, method, 403]);
      }
    }
    for (const parent of ['llm-providers', 'llm-proxies']) {
      expect(await statusOf('POST', `/${parent}/nobody/api-keys`)).toBe(403);
      expect(await statusOf('DELETE', `/${parent}/nobody/api-keys/x`)).toBe(403);
      expect(await statusOf('POST', `/${parent}/nobody/api-keys/x/regenerate`)).toBe(403);
    }
  });

  it('A6: a disabled user is out at once, though his password was good a moment ago', async () => {
    const user = { email: 'dev@example.com', displayName: 'Dev', role: 'viewer', password: 'a long enough password' };
    const { body } = await app.call('POST', '/users', { body: user });
    const asDeveloper = basic(user.email, user.password);
    expect((await call('GET', '/llm-providers', asDeveloper)).status).toBe(200);
    expect((await call('POST', '/secrets', { ...asDeveloper, body: secret('x') })).status).toBe(403);
    await app.call('PATCH', `/users/${body.id}`, { body: { disabled: true } });
    expect((await call('GET', '/llm-providers', asDeveloper)).status).toBe(401);
  });

  it("A6: a browser's write from another page is refused, and a cookie is no credential here", async () => {
    const { authorization } = basic(OWNER.email, OWNER.password).headers;
    const foreign = { token: null, headers: { authorization, origin: 'https://evil.example' }, body: secret('csrf') };
    expect((await call('POST', '/secrets', foreign)).status).toBe(403);
    const login = await app.call('POST', '/auth/login', { token: null, body: OWNER });
    const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
    expect((await call('GET', '/llm-providers', { token: null, headers: { cookie } })).status).toBe(401);
  });
});
