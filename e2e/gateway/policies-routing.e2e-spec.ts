import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

const messages = [{ role: 'user', content: 'hi' }];
let redis: PrivateRedis;
let upstreams: Record<'first' | 'second', ScriptedUpstream>;
let gateway: GatewayProcess;
let key: string;

const policy = (
  name: string,
  params: SnapshotPolicy['params'],
  more: Partial<SnapshotPolicy> = {},
): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths: null,
  ...more,
});
const router = (params = {}) =>
  policy('llm-header-router', {
    mappings: [
      { headerValue: 'One', provider: 'first' },
      { headerValue: 'two', provider: 'second' },
    ],
    ...params,
  });

beforeAll(async () => {
  const [own, first, second] = await Promise.all([
    startPrivateRedis(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
  ]);
  redis = own;
  upstreams = { first, second };
  const config = new TestConfig();
  const models = ['m', 'big'];
  const providers = [
    config.provider('first', first.url, {
      models,
      credential: { header: 'Authorization', value: 'Bearer first-credential' },
    }),
    config.provider('second', second.url, {
      models,
      credential: { header: 'Authorization', value: 'Bearer second-credential' },
    }),
  ];
  const proxy = (name: string, ...policies: SnapshotPolicy[]) =>
    config.proxy(name, `/${name}`, providers, { policies });
  proxy('header', router());
  proxy('default', router({ headerName: 'x-tier', defaultProvider: 'second' }));
  proxy('models', policy('model-router', { rules: [{ match: 'b*g', provider: 'second', model: 'm' }] }));
  proxy(
    'robin',
    policy('model-round-robin', {
      models: [
        { model: 'm', provider: 'first' },
        { model: 'm', provider: 'second' },
      ],
      suspendDuration: 60,
    }),
  );
  proxy(
    'sticky',
    policy('model-round-robin', {
      models: [
        { model: 'm', provider: 'first' },
        { model: 'm', provider: 'second' },
      ],
    }),
    policy('session-affinity', { sources: ['header'] }),
  );
  proxy(
    'headers',
    policy('set-headers', {
      requestHeaders: [{ name: 'X-Team', value: 'shop' }],
      responseHeaders: [{ name: 'x-served-by', value: 'penstock' }],
    }),
    policy('remove-headers', { responseHeaders: [{ name: 'x-penstock-model' }] }),
  );
  proxy(
    'conditional',
    policy(
      'set-headers',
      { requestHeaders: [{ name: 'x-gold', value: 'yes' }] },
      { condition: "request.Headers['x-tier'][0] == 'gold'" },
    ),
    policy(
      'set-headers',
      {},
      {
        paths: [
          { path: '/embeddings', methods: ['POST'], params: { requestHeaders: [{ name: 'x-path', value: 'no' }] } },
        ],
      },
    ),
  );
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  for (const upstream of Object.values(upstreams)) upstream.stop();
  await redis?.dispose();
});

async function ask(proxy: string, headers: Record<string, string> = {}, body: object = {}) {
  const response = await gateway.post(
    `/${proxy}/chat/completions`,
    key,
    { model: 'm', messages, ...body },
    { headers },
  );
  await response.text();
  return { status: response.status, provider: response.headers.get('x-penstock-provider'), response };
}
const providersOf = async (proxy: string, times: number, headers: Record<string, string> = {}) => {
  const found: (string | null)[] = [];
  for (let time = 0; time < times; time += 1) found.push((await ask(proxy, headers)).provider);
  return found;
};

describe('C policies that choose a provider', () => {
  it('B1: by a header, without case, with the credential of that provider, and the header goes no further', async () => {
    expect((await ask('header', { 'X-Provider': ' ONE ' })).provider).toBe('first');
    expect((await ask('header', { 'x-provider': 'Two' })).provider).toBe('second');
    const { headers } = upstreams.second.last;
    expect(headers['authorization']).toBe('Bearer second-credential');
    expect(headers['x-provider']).toBeUndefined();
  });

  it('B1: an unknown value goes to the default, or to the primary where there is none', async () => {
    expect((await ask('header', { 'x-provider': 'three' })).provider).toBe('first');
    expect((await ask('header')).provider).toBe('first');
    expect((await ask('default', { 'x-tier': 'three' })).provider).toBe('second');
    expect((await ask('default', { 'x-tier': 'one' })).provider).toBe('first');
  });

  it('by the name of the model', async () => {
    expect((await ask('models', {}, { model: 'big' })).provider).toBe('second');
    expect(upstreams.second.last.json.model).toBe('up/m');
    expect((await ask('models')).provider).toBe('first');
  });

  it('C model-round-robin: in turn, and without the one that failed', async () => {
    expect(await providersOf('robin', 4)).toEqual(['first', 'second', 'first', 'second']);
    upstreams.first.script = (_request, response) => {
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"broken"}}');
    };
    expect(await providersOf('robin', 3)).toEqual(['second', 'second', 'second']);
    upstreams.first.script = answerWell;
    expect(await providersOf('robin', 2)).toEqual(['second', 'second']);
  });

  it('session-affinity: a session stays where it is', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 16 }, async (_, index) => providersOf('sticky', 3, { 'x-session-id': `session-${index}` })),
    );
    for (const session of sessions) expect(new Set(session).size).toBe(1);
    expect(new Set(sessions.flat()).size).toBe(2);
  });
});

describe('C set-headers and remove-headers', () => {
  it('set-headers and remove-headers: on the way up and on the way back', async () => {
    const { response } = await ask('headers');
    expect(upstreams.first.last.headers['x-team']).toBe('shop');
    expect(response.headers.get('x-served-by')).toBe('penstock');
    expect(response.headers.get('x-penstock-model')).toBeNull();
  });

  it('A5: run only where their condition holds, and on their own paths', async () => {
    await ask('conditional', { 'x-tier': 'gold' });
    expect(upstreams.first.last.headers).toMatchObject({ 'x-gold': 'yes' });
    await ask('conditional');
    expect(upstreams.first.last.headers['x-gold']).toBeUndefined();
    expect(upstreams.first.last.headers['x-path']).toBeUndefined();
  });
});
