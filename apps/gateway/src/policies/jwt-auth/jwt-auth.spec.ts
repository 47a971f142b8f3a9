import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@penstock/telemetry';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createIssuerKey, type IssuerKey, jwksOf, signToken } from '@penstock/testing';
import type { HeadCall, Policy, PolicyAnswer } from '../policy.ts';
import type { PolicyServices } from '../policy-factory.ts';
import { jwtAuth } from './index.ts';
import { FAILURE_COOLDOWN_MS, UNKNOWN_KEY_COOLDOWN_MS } from './remote-key-set.ts';
import { RemoteKeySets } from './remote-key-sets.ts';

const rsa = createIssuerKey('rsa', 'RS256');
const ec = createIssuerKey('ec');
const other = createIssuerKey('other');
const ISSUER = 'https://idp.example';
const NOW = 1_800_000_000;
const claims = { iss: ISSUER, sub: 'ada', aud: 'penstock', exp: NOW + 60, scope: 'chat models' };
const idp = { name: 'idp', issuer: ISSUER, jwks: { local: { inline: jwksOf(rsa, ec) } } };

let now = NOW;
beforeEach(() => {
  now = NOW;
});

function create(params: object = {}, keySets?: RemoteKeySets): Policy {
  const services = {
    keySets,
    logger: createLogger({ name: 'test', level: 'silent' }),
    now: () => now * 1_000,
  };
  const owner = { organizationId: 'o', proxyId: 'p', proxyName: 'proxy', place: '' };
  const parsed = jwtAuth.definition.params.parse({ keyManagers: [idp], ...params });
  return jwtAuth.create(parsed as never, owner, services as unknown as PolicyServices);
}

/** The head of one request, and what came of it. */
async function show(policy: Policy, headers: Record<string, string>) {
  const call = {
    context: { requestId: 'r', waitedMs: 0, request: { headers } },
    metadata: new Map<string, string>(),
    upstreamHeaders: new Map<string, string | null>(),
    notKeys: [],
    user: null,
  } as unknown as HeadCall;
  const answer = await policy.onHead?.(call);
  return { call, answer, status: answer?.status ?? 200 };
}
const bearer = (policy: Policy, token: string) => show(policy, { authorization: `Bearer ${token}` });
const read = ({ body }: PolicyAnswer) => JSON.parse(body.toString('utf8')) as unknown;
const headerOf = ({ headers = [] }: PolicyAnswer, name: string) => headers[headers.indexOf(name) + 1];
const statusOf = async (policy: Policy, key: IssuerKey, more: object = {}) =>
  (await bearer(policy, signToken(key, { ...claims, ...more }))).status;

describe('C jwt-auth: tokens', () => {
  it.each([rsa, ec])('C jwt-auth: admits one that a key of its issuer has signed ($algorithm)', async (key) => {
    const { status, call } = await bearer(create({ audiences: ['penstock'] }), signToken(key, claims));
    expect([status, call.user, call.notKeys]).toEqual([200, 'ada', ['authorization']]);
    expect(Object.fromEntries(call.metadata)).toEqual({
      'auth.success': 'true',
      'auth.method': 'jwt',
      'auth.issuer': ISSUER,
      'auth.subject': 'ada',
    });
  });

  it('C jwt-auth: wants one, after its scheme, in its header', async () => {
    const token = signToken(ec, claims);
    const policy = create({ headerName: 'X-Token', authHeaderScheme: 'JWT' });
    expect((await show(policy, { 'x-token': `jwt  ${token}` })).status).toBe(200);
    for (const headers of [{}, { 'x-token': token }, { authorization: `JWT ${token}` }] as Record<string, string>[]) {
      const { answer } = await show(policy, headers);
      expect([answer?.status, answer && read(answer), answer && headerOf(answer, 'www-authenticate')]).toEqual([
        401,
        { error: 'Unauthorized', message: 'Authentication failed' },
        'Bearer',
      ]);
    }
    expect((await show(create({ authHeaderScheme: '' }), { authorization: token })).status).toBe(200);
  });

  it('C jwt-auth: refuses those of other issuers, other audiences, other keys, and of none', async () => {
    const policy = create({ audiences: ['penstock', 'shop'] });
    expect(await statusOf(policy, ec, { aud: ['x', 'shop'] })).toBe(200);
    expect(await statusOf(policy, ec, { iss: 'https://evil.example' })).toBe(401);
    expect(await statusOf(policy, ec, { iss: undefined })).toBe(401);
    expect(await statusOf(policy, ec, { aud: 'other' })).toBe(401);
    expect(await statusOf(policy, ec, { aud: undefined })).toBe(401);
    expect(await statusOf(policy, other)).toBe(401);
    const disguised = signToken(other, claims, 'ec');
    expect((await bearer(policy, disguised)).status).toBe(401);
    const [head, , signature] = signToken(ec, claims).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url');
    expect((await bearer(policy, `${head}.${forged}.${signature}`)).status).toBe(401);
  });

  it('C jwt-auth: refuses those that are over, not begun, or have no end', async () => {
    const policy = create({ leeway: '10s' });
    const times = [{ exp: NOW - 9 }, { exp: NOW - 11 }, { nbf: NOW + 9 }, { nbf: NOW + 11 }, { exp: undefined }];
    const statuses = [];
    for (const more of times) statuses.push(await statusOf(policy, ec, more));
    expect(statuses).toEqual([200, 401, 200, 401, 401]);
  });

  it('C jwt-auth: refuses tokens without a signature, and such that the public key signs as a secret', async () => {
    const policy = create({ keyManagers: [{ ...idp, jwks: { local: { inline: pem(rsa) } } }] });
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${encode({ alg: 'none' })}.${encode(claims)}.`;
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    const signature = createHmac('sha256', pem(rsa)).update(signed).digest('base64url');
    for (const token of [unsigned, `${signed}.${signature}`, 'a.b.c', 'x', `${'a'.repeat(9_000)}.b.c`]) {
      const { answer } = await bearer(policy, token);
      expect([answer?.status, answer && headerOf(answer, 'www-authenticate')]).toEqual([
        401,
        'Bearer error="invalid_token"',
      ]);
    }
    expect((await bearer(policy, signToken(rsa, claims, null))).status).toBe(200);
    for (const algorithm of ['none', 'HS256', 'HS512']) {
      const params = { keyManagers: [idp], allowedAlgorithms: [algorithm] };
      expect(jwtAuth.definition.params.safeParse(params).success).toBe(false);
    }
  });

  it('C jwt-auth: takes only the algorithms that it allows', async () => {
    const policy = create({ allowedAlgorithms: ['RS256'] });
    expect([await statusOf(policy, rsa), await statusOf(policy, ec)]).toEqual([200, 401]);
  });

  it.each(['RS512', 'PS256', 'PS384', 'ES384', 'ES512', 'EdDSA'])('C jwt-auth: verifies %s', async (algorithm) => {
    const { privateKey, publicKey } = await generateKeyPair(algorithm);
    const token = await new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(privateKey);
    const jwk = await exportJWK(publicKey);
    const keyManagers = [{ name: 'idp', jwks: { local: { inline: JSON.stringify({ keys: [jwk] }) } } }];
    expect((await bearer(create({ keyManagers, allowedAlgorithms: [algorithm] }), token)).status).toBe(200);
    const another = await generateKeyPair(algorithm);
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(another.privateKey);
    expect((await bearer(create({ keyManagers, allowedAlgorithms: [algorithm] }), forged)).status).toBe(401);
  });

  it('C jwt-auth: an issuer without a name does not speak for those that have one', async () => {
    const anybody = { name: 'any', jwks: { local: { inline: jwksOf(other) } } };
    const policy = create({ keyManagers: [idp, anybody] });
    expect(await statusOf(policy, other)).toBe(401);
    expect(await statusOf(policy, other, { iss: 'https://elsewhere.example' })).toBe(200);
    const chosen = create({ keyManagers: [idp, anybody], issuers: ['idp'] });
    expect(await statusOf(chosen, other, { iss: 'https://elsewhere.example' })).toBe(401);
    expect(await statusOf(create({ keyManagers: [idp, anybody], issuers: [ISSUER] }), ec)).toBe(200);
  });
});

describe('C jwt-auth: what a token must say', () => {
  it('C jwt-auth: all scopes, as words or as a list', async () => {
    const policy = create({ requiredScopes: ['chat', 'admin'] });
    const { answer } = await bearer(policy, signToken(ec, claims));
    expect(answer && headerOf(answer, 'www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="chat admin"',
    );
    expect(await statusOf(policy, ec, { scope: 'admin x chat' })).toBe(200);
    expect(await statusOf(policy, ec, { scope: undefined, scp: ['admin', 'chat'] })).toBe(200);
  });

  it('C jwt-auth: claims, also such that are lists or lie deeper', async () => {
    const policy = create({ requiredClaims: { tenant: 'acme', 'realm_access.roles': 'llm', 'https://x.y/z': 'true' } });
    const good = { tenant: 'acme', realm_access: { roles: ['a', 'llm'] }, 'https://x.y/z': true };
    expect(await statusOf(policy, ec, good)).toBe(200);
    expect(await statusOf(policy, ec, { ...good, tenant: 'acme2' })).toBe(401);
    expect(await statusOf(policy, ec, { ...good, realm_access: { roles: 'llmx' } })).toBe(401);
    expect(await statusOf(policy, ec, { ...good, 'https://x.y/z': undefined })).toBe(401);
  });

  it('C jwt-auth: all of some scopes and one of others', async () => {
    const policy = create({ scopes: { allOf: ['chat'], anyOf: ['admin', 'models'] }, requiredScopes: ['models'] });
    expect(await statusOf(policy, ec)).toBe(200);
    for (const scope of ['chat', 'models', 'chat admin', '']) expect(await statusOf(policy, ec, { scope })).toBe(401);
    const { answer } = await bearer(policy, signToken(ec, { ...claims, scope: 'chat' }));
    expect(answer && headerOf(answer, 'www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="models chat admin models"',
    );
  });

  it('C jwt-auth: all of some claims and one of others, each with one of its values', async () => {
    const anyOf = [
      { claim: 'tier', values: ['gold'] },
      { claim: 'roles', values: ['ops', 'dev'] },
    ];
    const policy = create({ claims: { allOf: [{ claim: 'tenant', values: ['acme', 'initech'] }], anyOf } });
    const good = { tenant: 'initech', roles: ['x', 'dev'] };
    expect(await statusOf(policy, ec, good)).toBe(200);
    expect(await statusOf(policy, ec, { tenant: 'acme', tier: 'gold' })).toBe(200);
    expect(await statusOf(policy, ec, { ...good, tenant: 'other' })).toBe(401);
    expect(await statusOf(policy, ec, { ...good, roles: ['x'] })).toBe(401);
    expect(await statusOf(policy, ec, { tenant: 'acme' })).toBe(401);
    for (const claimRules of [{ allOf: [] }, { anyOf: [{ claim: 'a', values: [] }] }, { noneOf: [] }]) {
      const params = { keyManagers: [idp], claims: claimRules };
      expect(jwtAuth.definition.params.safeParse(params).success).toBe(false);
    }
  });

  it('C jwt-auth: becomes headers of the upstream, and the user', async () => {
    const claimMappings = { email: 'X-User-Email', groups: 'X-Groups', name: 'X-Name', none: 'X-None', org: 'X-Org' };
    const policy = create({ claimMappings, userIdClaim: 'email' });
    const more = { email: 'ada@example.com', groups: ['a', 'b'], name: 'Adà\r\nX: y', org: { id: 7 } };
    const { call } = await bearer(policy, signToken(ec, { ...claims, ...more }));
    expect(Object.fromEntries(call.upstreamHeaders)).toEqual({
      'x-user-email': 'ada@example.com',
      'x-groups': 'a,b',
      'x-name': 'Ad%C3%A0%0D%0AX%3A%20y',
      'x-org': '{"id":7}',
    });
    expect(call.user).toBe('ada@example.com');
    for (const header of ['Authorization', 'x-api-key', 'Host', 'Content-Length']) {
      const params = { keyManagers: [idp], claimMappings: { email: header } };
      expect(jwtAuth.definition.params.safeParse(params).success).toBe(false);
    }
  });

  it('C jwt-auth: is refused in the words of the policy', async () => {
    const words = { onFailureStatusCode: 403, errorMessage: 'Log in' };
    const { answer } = await show(create(words), {});
    expect([answer?.status, answer && read(answer)]).toEqual([403, { error: 'Forbidden', message: 'Log in' }]);
    const plain = await show(create({ ...words, errorMessageFormat: 'plain' }), {});
    expect([plain.answer?.contentType, plain.answer?.body.toString()]).toEqual(['text/plain; charset=utf-8', 'Log in']);
    const minimal = await show(create({ errorMessageFormat: 'minimal' }), {});
    expect(minimal.answer?.body.toString()).toBe('Unauthorized');
  });
});

describe('C jwt-auth: keys that change', () => {
  const uri = 'https://idp.example/jwks';
  const published = { name: 'idp', issuer: ISSUER, jwks: { remote: { uri } } };
  let keys: readonly IssuerKey[] | null;
  let clock: number;
  let policy: Policy;
  beforeEach(() => {
    keys = [ec];
    clock = 0;
    const request = async () => {
      if (!keys) throw new TypeError('ECONNREFUSED');
      return { status: 200, body: JSON.stringify(jwksOf(...keys)) };
    };
    const sets = new RemoteKeySets({ network: { request }, now: () => clock, onFault: () => undefined });
    const long = { jwksCacheTtl: '10s', jwksStaleFor: '1h' };
    policy = create({ keyManagers: [published], ...long }, sets);
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('C jwt-auth: are known to the next token, and those that were taken back open nothing any more', async () => {
    const old = signToken(ec, claims);
    expect((await bearer(policy, old)).status).toBe(200);
    keys = [other];
    expect(await statusOf(policy, other)).toBe(401);
    clock = UNKNOWN_KEY_COOLDOWN_MS;
    expect(await statusOf(policy, other)).toBe(200);
    expect((await bearer(policy, old)).status).toBe(401);
  });

  it('C jwt-auth: are used while the identity provider is down, for a while', async () => {
    const token = signToken(ec, claims);
    await bearer(policy, token);
    keys = null;
    clock = 60_000;
    expect((await bearer(policy, token)).status).toBe(200);
    await settle();
    expect(await statusOf(policy, ec, { sub: 'bob' })).toBe(200);
    clock = 3_600_000 + 10_001;
    const { answer } = await bearer(policy, token);
    expect([answer?.status, answer && headerOf(answer, 'retry-after')]).toEqual([503, '5']);
    keys = [ec];
    clock += FAILURE_COOLDOWN_MS;
    expect((await bearer(policy, token)).status).toBe(200);
  });
});

describe('C jwt-auth: tokens that come again', () => {
  it('C jwt-auth: are known without a promise until they are over', async () => {
    const policy = create({ leeway: '1s' });
    const token = signToken(ec, claims);
    await bearer(policy, token);
    const again = () =>
      policy.onHead?.({
        context: { requestId: 'r', request: { headers: { authorization: `Bearer ${token}` } } },
        metadata: new Map(),
        upstreamHeaders: new Map(),
        notKeys: ['x'],
      } as unknown as HeadCall);
    expect(again()).toBeUndefined();
    now = NOW + 62;
    expect(await again()).toMatchObject({ status: 401 });
  });
});

function pem({ publicKey }: IssuerKey): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}
