import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { OWNER, startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
let nowMs = Date.UTC(2026, 0, 1);
beforeAll(async () => {
  app = await startTestApp({ clock: () => nowMs });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.nest.get(PrismaService).client.loginAttempt.deleteMany();
});

const login = (body: object = OWNER, address = '127.0.0.1') =>
  app.call('POST', '/auth/login', { body, token: null, address });

/** Headers of the browser that has just logged in. */
async function browser(credentials: object = OWNER) {
  const { headers, body } = await login(credentials);
  const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
  return { cookie, csrf: body.csrfToken as string, all: { cookie, 'x-csrf-token': body.csrfToken as string } };
}

describe('login', () => {
  it('gives a session in a cookie that scripts cannot read', async () => {
    const { status, headers, body } = await login();
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ email: OWNER.email, role: 'owner' });
    const cookie = String(headers['set-cookie']);
    expect(cookie).toMatch(/^penstock_session=[\w-]{43}; /);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).not.toContain('Secure');
    expect(JSON.stringify(body)).not.toContain(cookie.slice(17, 40));
  });

  it('keeps only a hash of the session', async () => {
    const { cookie } = await browser();
    const sessions = await app.nest.get(PrismaService).client.session.findMany();
    expect(JSON.stringify(sessions)).not.toContain(cookie.split('=')[1]);
  });

  it('says the same for a wrong password and an unknown account', async () => {
    const wrong = await login({ ...OWNER, password: 'wrong wrong wrong' });
    const unknown = await login({ ...OWNER, email: 'nobody@example.com' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
  });

  it('takes as long for an unknown account as for a wrong password', async () => {
    const time = async (body: object) => {
      const startedAt = performance.now();
      for (let round = 0; round < 4; round += 1) await login(body, `10.0.0.${round}`);
      return performance.now() - startedAt;
    };
    await time(OWNER);
    const wrong = await time({ ...OWNER, password: 'wrong wrong wrong' });
    const unknown = await time({ ...OWNER, email: 'nobody@example.com' });
    expect(unknown).toBeGreaterThan(wrong / 4);
  });

  it.each([{}, { email: OWNER.email }, { ...OWNER, email: { not: '' } }, { ...OWNER, role: 'owner' }])(
    'refuses the body %j with 400',
    async (body) => {
      expect((await login(body)).status).toBe(400);
    },
  );

  it('refuses a page of another origin', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await app.call('POST', '/auth/login', { body: OWNER, token: null, headers });
    expect(answer).toMatchObject({ status: 403, body: { code: 'csrf' } });
  });
});

describe('lock-out', () => {
  const attempt = (email: string = OWNER.email, address = '10.1.1.1') =>
    login({ email, password: 'wrong wrong wrong' }, address);

  it.each([OWNER.email, 'nobody@example.com'])(
    'answers the sixth failure of %s with 429 and a delay',
    async (email) => {
      for (let count = 0; count < 5; count += 1) expect((await attempt(email)).status).toBe(401);
      const sixth = await attempt(email);
      expect(sixth).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
      expect(Number(sixth.headers['retry-after'])).toBeGreaterThan(5);
      expect((await login({ ...OWNER, email }, '10.1.1.1')).status).toBe(429);
      expect((await attempt(email, '10.2.2.2')).status).toBe(401);
    },
  );

  it('doubles the delay, and a success forgets it', async () => {
    for (let count = 0; count < 5; count += 1) await attempt();
    const first = Number((await attempt()).headers['retry-after']);
    nowMs += first * 1000;
    expect((await attempt()).status).toBe(401);
    const second = Number((await attempt()).headers['retry-after']);
    expect(second).toBe(first * 2);
    nowMs += second * 1000;
    expect((await login(OWNER, '10.1.1.1')).status).toBe(200);
    expect((await attempt()).status).toBe(401);
  });

  it('lets no more than five guesses through at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => attempt()));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });
});

describe('a session', () => {
  const read = (cookie: string) => app.call('GET', '/auth/session', { token: null, headers: { cookie } });

  it('reads with the cookie alone and writes only with its CSRF token', async () => {
    const { cookie, csrf } = await browser();
    expect((await read(cookie)).body.csrfToken).toBe(csrf);
    const write = (headers: Record<string, string>) =>
      app.call('PUT', '/teams/csrf', { body: documents.team('csrf'), token: null, headers: { cookie, ...headers } });
    expect(await write({})).toMatchObject({ status: 403, body: { code: 'csrf' } });
    expect((await write({ 'x-csrf-token': 'x'.repeat(43) })).status).toBe(403);
    expect((await write({ 'x-csrf-token': csrf, origin: 'https://evil.example' })).body.code).toBe('csrf');
    expect((await write({ 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' })).body.code).toBe('csrf');
    expect((await write({ 'x-csrf-token': csrf, origin: 'http://localhost:80' })).status).toBe(404);
  });

  it('ends with the logout', async () => {
    const { cookie, all } = await browser();
    const logout = await app.call('POST', '/auth/logout', { token: null, headers: all });
    expect(logout.status).toBe(204);
    expect(String(logout.headers['set-cookie'])).toContain('penstock_session=;');
    expect((await read(cookie)).status).toBe(401);
  });

  it('ends after 30 idle minutes, and after 12 hours in any case', async () => {
    const idle = await browser();
    nowMs += 31 * 60_000;
    expect((await read(idle.cookie)).status).toBe(401);
    const busy = await browser();
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      nowMs += 20 * 60_000;
      expect((await read(busy.cookie)).status).toBe(200);
    }
    nowMs += 20 * 60_000;
    expect((await read(busy.cookie)).status).toBe(401);
  });

  it.each(['', 'x', 'x'.repeat(5000), "' OR 1=1 --"])('is not had with the cookie %p', async (value) => {
    expect((await read(`penstock_session=${value}`)).status).toBe(401);
  });

  it('is Secure and bound to the host behind https', async () => {
    const secure = await startTestApp({ env: { PENSTOCK_PUBLIC_URL: 'https://penstock.example' } });
    const { headers } = await secure.call('POST', '/auth/login', { body: OWNER, token: null });
    await secure.stop();
    expect(String(headers['set-cookie'])).toMatch(
      /^__Host-penstock_session=.*; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/m,
    );
  });
});

describe('users', () => {
  const person = (email: string, role: string) => ({ email, displayName: 'P', role, password: 'a long password' });
  const create = async (email: string, role: string) =>
    (await app.call('POST', '/users', { body: person(email, role) })).body.id as string;
  const session = (cookie: string) => app.call('GET', '/auth/session', { token: null, headers: { cookie } });

  it('never show a password or its hash', async () => {
    const created = await app.call('POST', '/users', { body: person('shown@example.com', 'viewer') });
    expect(created.status).toBe(201);
    const texts = [created.text, (await app.call('GET', '/users')).text, (await app.call('GET', '/audit-events')).text];
    for (const text of texts) expect(text).not.toMatch(/argon2|a long password|passwordHash/);
    expect((await app.call('POST', '/users', { body: person('SHOWN@example.com', 'viewer') })).status).toBe(409);
  });

  it.each([{ password: 'another password' }, { role: 'viewer' }, { disabled: true }])(
    'lose their sessions with the change %j',
    async (change) => {
      const email = `${Object.keys(change)[0]}@example.com`;
      const id = await create(email, 'admin');
      const { cookie } = await browser({ email, password: 'a long password' });
      expect((await session(cookie)).status).toBe(200);
      expect((await app.call('PATCH', `/users/${id}`, { body: change })).status).toBe(200);
      expect((await session(cookie)).status).toBe(401);
      expect((await login({ email, password: 'a long password' })).status).toBe('role' in change ? 200 : 401);
    },
  );

  it('cannot raise themselves', async () => {
    const id = await create('climber@example.com', 'admin');
    const { all } = await browser({ email: 'climber@example.com', password: 'a long password' });
    const raise = await app.call('PATCH', `/users/${id}`, { body: { role: 'owner' }, token: null, headers: all });
    expect(raise).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const token = { name: 'climb', role: 'owner' };
    const grant = await app.call('POST', '/admin-tokens', { body: token, token: null, headers: all });
    expect(grant).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('keep at least one owner', async () => {
    const users = (await app.call('GET', '/users?q=owner%40')).body.items as { id: string }[];
    const path = `/users/${users[0]!.id}`;
    expect((await app.call('PATCH', path, { body: { role: 'admin' } })).status).toBe(409);
    expect((await app.call('PATCH', path, { body: { disabled: true } })).status).toBe(409);
    expect((await app.call('DELETE', path)).status).toBe(409);
  });

  it.each([{ password: 'short' }, { role: 'root' }, { email: 'x@example.com' }, {}])(
    'refuse the change %j',
    async (body) => {
      const users = (await app.call('GET', '/users')).body.items as { id: string }[];
      expect((await app.call('PATCH', `/users/${users[0]!.id}`, { body })).status).toBe(400);
    },
  );
});

describe('admin tokens', () => {
  it('are shown once, work until they expire or are deleted, and need no CSRF token', async () => {
    const expiresAt = new Date(nowMs + 3_600_000).toISOString();
    const { body } = await app.call('POST', '/admin-tokens', { body: { name: 'ci', role: 'viewer', expiresAt } });
    expect(body.token).toMatch(/^pat_/);
    expect((await app.call('GET', '/admin-tokens')).text).not.toContain(body.token);
    expect((await app.call('GET', '/audit-events')).text).not.toContain(body.token);
    expect((await app.call('GET', '/teams', { token: body.token })).status).toBe(200);
    const write = await app.call('POST', '/teams', { body: documents.team('no'), token: body.token });
    expect(write).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    nowMs += 3_600_001;
    expect((await app.call('GET', '/teams', { token: body.token })).status).toBe(401);
    expect((await app.call('DELETE', `/admin-tokens/${body.id}`)).status).toBe(204);
  });

  it.each(['Bearer nope', 'Basic b3duZXI6eA==', 'Bearer', `Bearer ${'x'.repeat(3000)}`])(
    'that are wrong are answered 401, whatever cookie comes with them: %.20s',
    async (authorization) => {
      const { cookie } = await browser();
      const answer = await app.call('GET', '/teams', { token: null, headers: { authorization, cookie } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    },
  );
});
