import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy, SnapshotProxy } from '@penstock/contracts';
import { createIssuerKey, jwksOf, type PrivateRedis, signToken, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig, UPSTREAM_CREDENTIAL } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const ISSUER = 'https://idp.example';
const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const rsa = createIssuerKey('rsa', 'RS256');
const ec = createIssuerKey('ec');
const stranger = createIssuerKey('ec');
const seconds = () => Math.floor(Date.now() / 1_000);
const claims = (more: object = {}) => ({
  iss: ISSUER,
  sub: 'ada',
  aud: 'penstock',
  scope: 'chat',
  exp: seconds() + 300,
  ...more,
});

/** An identity provider that counts how often it is asked. */
class IdentityProvider {
  readonly server = http.createServer((request, response) => {
    const path = request.url ?? '';
    this.asked.set(path, this.asksFor(path) + 1);
    if (this.down) response.writeHead(503).end();
    else if (path === '/moved') response.writeHead(302, { location: '/jwks' }).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jwksOf(rsa, ec)));
  });
  readonly asked = new Map<string, number>();
  down = false;

  asksFor(path: string): number {
    return this.asked.get(path) ?? 0;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }
}

const idp = new IdentityProvider();
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key: string;

const policy = (name: string, params: SnapshotPolicy['params'], condition: string | null = null): SnapshotPolicy => ({
  name,
  condition,
  params,
  paths: null,
});
const remote = (path: string) => [{ name: 'idp', issuer: ISSUER, jwks: { remote: { uri: idp.url(path) } } }];

beforeAll(async () => {
  idp.server.listen(0, '127.0.0.1');
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start(), once(idp.server, 'listening')]);
  const config = new TestConfig();
  const lab = config.provider('lab', upstream.url);
  const proxy = (name: string, policies: SnapshotPolicy[], overrides: Partial<SnapshotProxy> = {}) =>
    config.proxy(name, `/${name}`, [lab], { authentication: 'none', policies, ...overrides });
  const adaOnly = `request.Metadata['auth.subject'] == 'ada'`;
  proxy('open', [
    policy('jwt-auth', {
      keyManagers: remote('/jwks'),
      audiences: ['penstock'],
      requiredScopes: ['chat'],
      claimMappings: { email: 'X-User-Email' },
    }),
    policy('set-headers', { requestHeaders: [{ name: 'x-for', value: 'ada' }] }, adaOnly),
  ]);
  proxy('keyed', [policy('jwt-auth', { keyManagers: remote('/jwks') })], { authentication: 'virtual-key' });
  proxy('down', [policy('jwt-auth', { keyManagers: remote('/down') })]);
  proxy('moved', [policy('jwt-auth', { keyManagers: remote('/moved') })]);
  const inline = ec.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const local = { name: 'local', issuer: ISSUER, jwks: { local: { inline } } };
  proxy('local', [policy('jwt-auth', { keyManagers: [local], headerName: 'X-Token', authHeaderScheme: '' })]);
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url, LOG_LEVEL: 'debug' });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  idp.server.close();
  idp.server.closeAllConnections();
  await redis?.dispose();
});

beforeEach(() => {
  upstream.received.length = 0;
  idp.down = false;
});

const ask = (proxy: string, headers: Record<string, string>, sent: object = body) =>
  fetch(`${gateway.url}/${proxy}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(sent),
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('C jwt-auth at a proxy without authentication', () => {
  it('C jwt-auth: admits callers with a token, and fetches keys once for all of them', async () => {
    const tokens = [rsa, ec, ec, rsa, ec].map((one, sub) => signToken(one, claims({ sub: `${sub}` })));
    const responses = await Promise.all([...tokens, ...tokens].map((token) => ask('open', bearer(token))));
    expect(responses.map(({ status }) => status)).toEqual(Array(10).fill(200));
    for (let index = 0; index < 20; index += 1) expect((await ask('open', bearer(tokens[0] ?? ''))).status).toBe(200);
    expect(idp.asksFor('/jwks')).toBe(1);
  });

  it('C jwt-auth: tells the upstream, usage and later policies who it is, and keeps the token to itself', async () => {
    const token = signToken(ec, claims({ email: 'ada@example.com' }));
    const spoofed = { 'x-penstock-user': 'eve', 'x-user-email': 'eve@example.com', 'x-request-id': 'jwt-1' };
    expect((await ask('open', { ...bearer(token), ...spoofed }, { ...body, user: 'eve' })).status).toBe(200);
    const { headers } = upstream.last;
    expect(headers).toMatchObject({
      authorization: UPSTREAM_CREDENTIAL,
      'x-user-email': 'ada@example.com',
      'x-for': 'ada',
    });
    expect(JSON.stringify(headers)).not.toContain(token);
    expect(gateway.output).not.toContain(token);
    expect(await usageOf(redis.url, 'jwt-1')).toMatchObject({ userTag: 'ada', virtualKeyId: null, proxyName: 'open' });
    await ask('open', { ...bearer(signToken(ec, claims({ sub: 'bob' }))), 'x-user-email': 'eve@example.com' });
    expect([upstream.last.headers['x-for'], upstream.last.headers['x-user-email']]).toEqual([undefined, undefined]);
  });

  it('C jwt-auth: refuses everybody else, and asks no upstream', async () => {
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const payload = Buffer.from(JSON.stringify(claims())).toString('base64url');
    const tokens = [
      signToken(stranger, claims()),
      signToken(ec, claims({ exp: seconds() - 60 })),
      signToken(ec, claims({ iss: 'https://evil.example' })),
      signToken(ec, claims({ aud: 'other' })),
      signToken(ec, claims({ scope: 'other' })),
      `${none}.${payload}.`,
      key,
      '',
    ];
    for (const token of tokens) {
      const response = await ask('open', bearer(token));
      expect([response.status, await response.text()]).toEqual([
        401,
        '{"error":"Unauthorized","message":"Authentication failed"}',
      ]);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    expect((await ask('open', {})).status).toBe(401);
    expect(upstream.received).toHaveLength(0);
  });

  it('C jwt-auth: guards lists of models and streams as well', async () => {
    const token = signToken(ec, claims());
    expect((await fetch(`${gateway.url}/open/v1/models`)).status).toBe(401);
    expect((await gateway.get('/open/v1/models', token)).status).toBe(200);
    const stream = await ask('open', bearer(token), { ...body, stream: true });
    expect([stream.status, await stream.text()]).toEqual([200, expect.stringContaining('[DONE]')]);
  });

  it('C jwt-auth: takes keys from the configuration, and the token from another header', async () => {
    const token = signToken(ec, claims(), null);
    expect((await ask('local', { 'x-token': token })).status).toBe(200);
    expect((await ask('local', bearer(token))).status).toBe(401);
  });
});

describe('C jwt-auth at a proxy that asks for keys', () => {
  it('C jwt-auth: stands beside the virtual key', async () => {
    const token = signToken(rsa, claims());
    const both = await ask('keyed', { ...bearer(token), 'x-api-key': key, 'x-request-id': 'jwt-2' });
    expect(both.status).toBe(200);
    expect(await usageOf(redis.url, 'jwt-2')).toMatchObject({ userTag: 'ada', virtualKeyName: 'app' });
    const withoutKey = await ask('keyed', bearer(token));
    expect([withoutKey.status, await withoutKey.json()]).toMatchObject([401, { error: { code: 'missing_api_key' } }]);
    expect((await ask('keyed', { 'x-api-key': key })).status).toBe(401);
    expect((await ask('keyed', { ...bearer(token), 'x-api-key': 'wrong' })).status).toBe(401);
    const limits = await fetch(`${gateway.url}/keyed/v1/limits`, { headers: { ...bearer(token), 'x-api-key': key } });
    expect(limits.status).toBe(200);
  });
});

describe('C jwt-auth: the identity provider is down', () => {
  it('C jwt-auth: says so, asks it seldom, and admits callers once it is back', async () => {
    idp.down = true;
    const token = signToken(ec, claims());
    const statuses = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await ask('down', bearer(token))).status);
    const response = await ask('down', bearer(token));
    expect([statuses, response.status, await response.json(), response.headers.get('retry-after')]).toEqual([
      [503, 503, 503, 503, 503],
      503,
      { error: 'Service Unavailable', message: 'Tokens cannot be verified at the moment' },
      '5',
    ]);
    expect(idp.asksFor('/down')).toBe(1);
    expect((await ask('open', bearer(token))).status).toBe(200);
    idp.down = false;
    await waitUntil('callers to be admitted', async () => (await ask('down', bearer(token))).status === 200, {
      timeoutMs: 10_000,
      intervalMs: 250,
    });
    expect(idp.asksFor('/down')).toBe(2);
  });

  it('C jwt-auth: follows no redirect to keys', async () => {
    expect((await ask('moved', bearer(signToken(ec, claims())))).status).toBe(503);
    expect(gateway.output).toContain('keys of tokens cannot be had');
  });
});
