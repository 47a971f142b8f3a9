import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import OpenAI from 'openai';
import { rawRequest } from './support/raw-request.ts';
import { relayOutcome, RelayWorld } from './support/relay-world.ts';
import { UPSTREAM_CREDENTIAL } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const SECRET = 'a-key-of-the-caller';
const NOT_FOUND = '{"message": "Resource not found."}';
let world: RelayWorld;

beforeAll(async () => {
  world = await RelayWorld.start();
});

afterAll(() => world?.dispose());

beforeEach(() => world.reset());

describe('what a vendor serves beside the operations of the gateway', () => {
  it("A5.5: is relayed by the vendor's own SDK", async () => {
    const client = new OpenAI({ apiKey: world.keys.own, baseURL: `${world.gateway.url}/open/v1`, maxRetries: 0 });
    const page = await client.files.list({ limit: 3 });
    expect(page.data).toEqual([]);
    expect(world.received.map(({ method, url }) => [method, url])).toEqual([['GET', '/v1/files?limit=3']]);
    await client.files.create({ file: new File(['line\n'], 'a.jsonl'), purpose: 'batch' });
    expect(world.received[1]?.body).toContain('line\n');
    expect(world.received[1]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });

  it('A5.5: goes with every method that access control knows, and no other', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? 'text' : null;
      expect((await world.ask('/open/things/a%20b?x=%2F&y', { method, body })).status).toBe(200);
    }
    expect(world.received.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map(
        (method) => `${method} /v1/things/a%20b?x=%2F&y ${method.startsWith('P') ? 'text' : ''}`,
      ),
    );
    expect((await world.ask('/open/things', { method: 'HEAD' })).status).toBe(405);
    expect(world.received).toHaveLength(6);
  });

  it('A5.5: is what access control lets through', async () => {
    expect((await world.ask('/closed/files/a')).status).toBe(200);
    expect((await world.ask('/closed/v1/files/a')).status).toBe(200);
    expect((await world.ask('/without/files/a')).status).toBe(200);
    world.received.length = 0;
    for (const [path, method] of [
      ['/closed/files', 'GET'],
      ['/closed/files/a', 'DELETE'],
      ['/without/files/a', 'DELETE'],
      ['/without/v1/files/a', 'DELETE'],
      ['/without/Files/a', 'DELETE'],
      ['/without/FILES/a', 'DELETE'],
    ] as const) {
      expect(await relayOutcome(await world.ask(path, { method }))).toEqual([404, NOT_FOUND]);
    }
    expect(world.received).toEqual([]);
  });

  it.each([
    '/open/files/../models',
    '/open/files/%2e%2e/x',
    '/open/files/%2E%2E/x',
    '/open//files',
    '/open/files/',
    '/open/files\\..\\x',
    '/open/files%2fx',
    '/open/files%2Fx',
    '/open/files%5Cx',
    '/open/files%252e',
    '/open/%66iles',
    '/open/files;x=1',
    '/open/files%00',
    '/open/files/%c0%af',
    '/open/files/%zz',
    '/open/caf\u00e9',
    '/open/chat/completions/',
    '/open/Chat/Completions',
    '/open/v2/chat/completions',
    'http://127.0.0.1/open/files',
    '//open/files',
  ])('is not asked for %s', async (target) => {
    const head = `GET ${target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.keys.own}\r\n\r\n`;
    const { status } = await rawRequest(world.gateway.port, Buffer.from(head, 'latin1'));
    expect([400, 404]).toContain(status);
    expect(world.received).toEqual([]);
  });

  it('is judged by exactly the path that is sent', async () => {
    const piece = fc.constantFrom(
      '/',
      '/',
      'files',
      'a',
      '..',
      '.',
      '%2e',
      '%2F',
      '%5C',
      '\\\\',
      ';',
      '%00',
      'v1',
      ':',
      '*',
      '%20',
      '?',
      'A',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const target = `/closed/${pieces.join('')}`;
        const head = `GET ${target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.keys.own}\r\nconnection: close\r\n\r\n`;
        await rawRequest(world.gateway.port, head);
        for (const { url } of world.received) expect(new URL(url, 'http://x').pathname).toMatch(/^\/v1\/files\/[^/]+$/);
      }),
      {
        numRuns: 150,
        examples: [[['files', '/', 'a']], [['files', '/', '..', '/', 'a']], [['v1', '/', 'files', '/', 'a']]],
      },
    );
    expect(world.received.length).toBeGreaterThan(1);
  });

  it('is neither behind a proxy nor at Bedrock, and the own operations stay', async () => {
    for (const path of ['/proxy/files', '/bedrock/foundation-models']) expect((await world.ask(path)).status).toBe(404);
    expect((await world.ask('/open/models')).status).toBe(200);
    expect((await world.ask('/open/models', { method: 'DELETE' })).status).toBe(405);
    expect(world.received).toEqual([]);
  });
});

describe('a relayed request', () => {
  it('needs a key of the provider', async () => {
    expect((await fetch(`${world.gateway.url}/open/files`)).status).toBe(401);
    expect((await world.ask('/open/files', {}, 'psk_wrong')).status).toBe(401);
    expect(world.received).toEqual([]);
  });

  it("carries the provider's credential, and nothing of the caller's or the gateway's", async () => {
    world.script = (_request, response) => {
      response.writeHead(200, {
        'set-cookie': 'a=b',
        'x-penstock-provider': 'forged',
        'x-hop': '1',
        connection: 'x-hop, keep-alive',
        'openai-organization': 'org',
        'x-of-vendor': 'yes',
        'content-type': 'text/plain',
        'content-length': '2',
      });
      response.end('ok');
    };
    const answer = await rawRequest(
      world.gateway.port,
      [
        'GET /open/files HTTP/1.1',
        'host: gateway.example',
        `authorization: Bearer ${world.keys.own}`,
        `x-api-key: ${world.keys.own}`,
        `api-key: ${world.keys.own}`,
        `x-goog-api-key: ${world.keys.own}`,
        `cookie: s=${SECRET}`,
        `proxy-authorization: Basic ${SECRET}`,
        'connection: x-private',
        `x-private: ${SECRET}`,
        'x-penstock-user: someone',
        'x-forwarded-for: 10.0.0.1',
        'openai-organization: org-other',
        'openai-beta: assistants=v2',
        '',
        '',
      ].join('\r\n'),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.toLowerCase()).toContain('x-of-vendor: yes');
    expect(answer.headers.toLowerCase()).not.toMatch(/set-cookie|forged|x-hop|openai-organization/);
    const [one] = world.received;
    expect(one?.headers.authorization).toBe(UPSTREAM_CREDENTIAL);
    expect(one?.headers['openai-beta']).toBe('assistants=v2');
    expect(one?.headers.host).toMatch(/^127\.0\.0\.1:/);
    const all = JSON.stringify(one?.rawHeaders).toLowerCase();
    expect(all).not.toContain(world.keys.own.toLowerCase());
    expect(all).not.toContain(SECRET);
    expect(all).not.toMatch(/x-penstock|x-forwarded|org-other|x-private/);
  });

  it('A5.5: shows its key where the policy of the provider wants it, and it stays there', async () => {
    expect((await world.ask('/keyed/files')).status).toBe(401);
    expect(
      (await world.ask('/keyed/files', { headers: { authorization: '', 'x-own-key': world.keys.own } })).status,
    ).toBe(200);
    expect(
      (await world.ask(`/queried/files?a=1&token=${world.keys.own}&b=2`, { headers: { authorization: '' } })).status,
    ).toBe(200);
    expect(world.received.map(({ url }) => url)).toEqual(['/v1/files', '/v1/files?a=1&b=2']);
    expect(JSON.stringify(world.received)).not.toContain(world.keys.own);
  });

  it('A5.2: passes the policies that look at heads', async () => {
    world.script = (_request, response) => {
      response.writeHead(200, { 'x-of-vendor': 'yes', 'x-answered': 'by vendor', 'access-control-allow-origin': '*' });
      response.end('ok');
    };
    const answer = await world.ask('/governed/files', { headers: { origin: 'https://app.example' } });
    expect([answer.status, answer.headers.get('x-answered'), answer.headers.get('x-of-vendor')]).toEqual([
      200,
      'yes',
      null,
    ]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(world.received[0]?.headers['x-set']).toBe('yes');
    const large = await world.ask('/governed/files', { method: 'POST', body: 'x'.repeat(101) });
    expect(large.status).toBe(413);
    const preflight = await fetch(`${world.gateway.url}/governed/files`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'DELETE' },
    });
    expect([preflight.status, world.received.length]).toEqual([204, 1]);
  });

  it('is refused where it could not be metered or guarded, but for what asks nothing', async () => {
    const post = { method: 'POST', body: '{}' };
    for (const [path, by] of [
      ['/metered/images/generations', world.keys.own],
      ['/guarded/images/generations', world.keys.own],
      ['/open/images/generations', world.keys.limited],
      ['/open/images/generations', world.keys.oneModel],
    ] as const) {
      expect(await relayOutcome(await world.ask(path, post, by))).toEqual([403, 'relay_not_allowed']);
      expect((await world.ask(path.replace('images/generations', 'files'), {}, by)).status).toBe(200);
    }
    expect(world.received.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
  });

  it('takes from limits of requests, and is in the books', async () => {
    const first = await world.ask('/open/files', { headers: { 'x-request-id': 'relay-first' } }, world.keys.once);
    expect([first.status, first.headers.get('x-ratelimit-remaining-requests')]).toEqual([200, '0']);
    expect((await world.ask('/open/files', {}, world.keys.once)).status).toBe(429);
    expect(world.received).toHaveLength(1);
    const event = await usageOf(world.redis.url, 'relay-first');
    expect(event).toMatchObject({
      operation: 'relay',
      usageSource: 'none',
      outcome: 'completed',
      httpStatus: 200,
      providerName: 'open',
      proxyName: null,
      costMicroUsd: 0,
      upstreamModel: null,
      modelId: null,
    });
  });
});
