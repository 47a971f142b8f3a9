import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const refusal = (status: number, code: string) => ({
  status,
  body: {
    status: 'error',
    code,
    message: expect.any(String),
    errors: expect.any(Array),
    requestId: expect.any(String),
  },
});
const json = { 'content-type': 'application/json' };
const yaml = { 'content-type': 'application/yaml' };

describe('bad bodies', () => {
  it.each([
    ['truncated JSON', '{"metadata":', json, 400],
    ['no body at all', '', json, 400],
    ['a body that is a list', '[]', json, 400],
    ['a body that is null', 'null', json, 400],
    ['a __proto__ member', '{"__proto__":{"x":1}}', json, 400],
    ['malformed YAML', 'a: [b', yaml, 400],
    ['a YAML key given twice', 'a: 1\na: 2', yaml, 400],
    [
      'a YAML bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
        .join('\n')}`,
      yaml,
      400,
    ],
    ['JSON nested ten thousand deep', '['.repeat(10_000), json, 400],
    ['plain text', 'hello', { 'content-type': 'text/plain' }, 415],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415],
    ['5 MiB', JSON.stringify({ x: 'y'.repeat(5 * 1024 * 1024) }), json, 413],
    ['an operator object for a text', '{"metadata":{"name":{"not":""}},"spec":{"displayName":"x"}}', json, 400],
    ['a wrong kind', '{"kind":"Quota","metadata":{"name":"x"},"spec":{"displayName":"x"}}', json, 400],
    ['an unknown api version', '{"apiVersion":"v9","metadata":{"name":"x"},"spec":{"displayName":"x"}}', json, 400],
  ])('%s are refused in the one error shape', async (_what, body, headers, status) => {
    const answer = await app.call('POST', '/teams', { body, headers });
    expect(answer.status).toBe(status);
    expect(answer).toMatchObject({
      body: { status: 'error', requestId: expect.any(String), errors: expect.any(Array) },
    });
    expect(answer.text).not.toContain('    at ');
  });

  it.each(['../../etc', 'UPPER', '-x', 'x'.repeat(254), 'a b', '', 'ä', 'x\u0000y'])(
    'the name %j is refused',
    async (name) => {
      expect(await app.call('POST', '/teams', { body: documents.team(name) })).toMatchObject(refusal(400, 'invalid'));
    },
  );

  it.each([-5, 0, 1.5, '1e3', 9e15, null, '60'])('the limit %p is refused', async (max) => {
    const body = documents.quota('x', { limits: [{ unit: 'requests', window: 'minute', max }] });
    expect(await app.call('POST', '/quotas', { body })).toMatchObject(refusal(400, 'invalid'));
  });

  it('the limit 1e309 is refused', async () => {
    const body = '{"metadata":{"name":"x"},"spec":{"limits":[{"unit":"requests","window":"minute","max":1e309}]}}';
    expect(await app.call('POST', '/quotas', { body, headers: json })).toMatchObject(refusal(400, 'invalid'));
  });

  it('a name that is markup is stored as text where text may stand', async () => {
    const displayName = '<img src=x onerror=alert(1)>';
    const answer = await app.call('POST', '/teams', { body: documents.team('markup', { displayName }) });
    expect(answer).toMatchObject({ status: 201, body: { spec: { displayName } } });
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('a NUL character in a text is no fault of the server', async () => {
    const answer = await app.call('POST', '/teams', { body: documents.team('nul', { displayName: 'a\u0000b' }) });
    expect(answer.status).toBe(400);
  });
});

describe('bad queries and paths', () => {
  it.each([
    '/virtual-keys?limit=-1',
    '/virtual-keys?limit=1e9',
    '/virtual-keys?limit=abc',
    '/virtual-keys?sort=id;drop',
    '/virtual-keys?cursor=xyz',
    '/virtual-keys?cursor=WyJhIiwiYiJd',
    '/virtual-keys?sort=createdAt&cursor=WyJhIiwiMDFhMWZkYWItZDM1Yi03NjY5LTgyMjYtODg2MTQ3NWZlODAyIl0',
    `/virtual-keys?q=${'x'.repeat(201)}`,
    '/users/1%20or%201=1',
    '/config/revisions/0',
    '/config/revisions/abc',
    '/config/revisions/99999999999999999999',
    '/config/diff?from=1',
    '/usage/summary?groupBy=nothing',
    '/usage/summary?from=yesterday',
    '/usage/summary?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    '/usage/summary?from=2020-01-01T00:00:00Z',
    '/usage/timeseries?interval=second',
    '/usage/timeseries?interval=minute&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z',
    '/teams/UPPER',
    '/teams?q=%00',
    '/teams/a%00b',
  ])('%s is refused with 400', async (path) => {
    expect(await app.call('GET', path)).toMatchObject(refusal(400, 'invalid'));
  });

  it('a search that is nothing but wildcards is answered at once', async () => {
    const startedAt = performance.now();
    expect((await app.call('GET', `/virtual-keys?q=${'%25_'.repeat(50)}`)).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it.each([
    '/teams/nobody',
    '/llm-providers/nobody',
    '/users/01a1fdab-d35b-7669-8226-8861475fe802',
    '/config/revisions/4711',
    '/nothing',
  ])('%s is 404', async (path) => {
    expect(await app.call('GET', path)).toMatchObject(refusal(404, 'not_found'));
  });

  it('what belongs to another organization does not exist', async () => {
    const { PrismaService } = await import('../prisma/prisma.service.ts');
    const { client } = app.nest.get(PrismaService);
    const organizationId = '01a1fdab-d35b-7669-8226-8861475fe802';
    await client.organization.create({ data: { id: organizationId, name: 'other' } });
    await client.team.create({
      data: {
        organizationId,
        name: 'theirs',
        labels: {},
        annotations: {},
        spec: { displayName: 'x', quotas: [], suspended: false },
      },
    });
    expect((await app.call('GET', '/teams/theirs')).status).toBe(404);
    expect((await app.call('DELETE', '/teams/theirs')).status).toBe(404);
    expect((await app.call('GET', '/teams?q=theirs')).body.total).toBe(0);
    const key = await app.call('POST', '/virtual-keys', { body: documents.virtualKey('x', { team: 'theirs' }) });
    expect(key.status).toBe(400);
  });
});

describe('request ids', () => {
  it('are made, or taken over when they are harmless', async () => {
    const made = await app.call('GET', '/teams/nobody');
    expect(made.headers['x-request-id']).toBe(made.body.requestId);
    const given = await app.call('GET', '/teams', { headers: { 'x-request-id': 'trace-12345678' } });
    expect(given.headers['x-request-id']).toBe('trace-12345678');
    const evil = await app.call('GET', '/teams', { headers: { 'x-request-id': 'a b\tc"' } });
    expect(evil.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
