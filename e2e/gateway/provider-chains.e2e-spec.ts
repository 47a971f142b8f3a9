import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy, SnapshotProvider } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig, UPSTREAM_CREDENTIAL } from './support/test-config.ts';
import { answerAsVendor } from './support/vendor-answers.ts';

interface ChatAnswer {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const NOT_FOUND = '{"message": "Resource not found."}';
const PRICES = {
  m: [
    {
      version: 'p1',
      inputPerMillion: 1,
      outputPerMillion: 1,
      cachedInputPerMillion: 0,
      reasoningPerMillion: 0,
      effectiveFrom: null,
    },
  ],
};
const vendors = { openai: '', anthropic: '', gemini: '', bedrock: '' };
const upstreams = {} as Record<keyof typeof vendors | 'second', ScriptedUpstream>;
let redis: PrivateRedis;
let gateway: GatewayProcess;
let config: TestConfig;
let gemini: SnapshotProvider;
let key: string;
let geminiKey: string;

const policy = (name: string, params: SnapshotPolicy['params'] = {}, paths?: SnapshotPolicy['paths']) => ({
  name,
  condition: null,
  params,
  paths: paths ?? null,
});
const at = (path: string, params: SnapshotPolicy['params']) => [{ path, methods: ['POST'], params }];
const KEY_AUTH = { key: 'X-API-Key', in: 'header' };
const only = (...paths: readonly string[]) => ({
  mode: 'deny_all' as const,
  exceptions: paths.map((path) => ({ path, methods: ['POST'] })),
});

beforeAll(async () => {
  redis = await startPrivateRedis();
  for (const name of ['openai', 'anthropic', 'gemini', 'bedrock', 'second'] as const) {
    upstreams[name] = await ScriptedUpstream.start();
  }
  config = new TestConfig();
  const bare = (name: keyof typeof upstreams): string => `http://127.0.0.1:${upstreams[name].port}`;
  const anthropicKey = config.key('anthropic-hop', { proxies: [], providers: ['anthropic'] });
  geminiKey = config.key('gemini-hop', { proxies: [], providers: ['gemini', 'own-header'] });
  const stamp = (name: string): SnapshotPolicy[] => [
    policy('set-headers', {
      requestHeaders: [
        { name: 'x-chain', value: name },
        { name: `x-${name}`, value: 'yes' },
      ],
      responseHeaders: [
        { name: 'x-answer-chain', value: name },
        { name: `x-answer-${name}`, value: 'yes' },
      ],
    }),
  ];
  const openai = config.provider('openai', upstreams.openai.url, {
    template: 'openai',
    policies: [
      ...stamp('provider'),
      {
        ...policy('set-headers', { requestHeaders: [{ name: 'x-tier', value: 'gold' }] }),
        condition: "'x-wanted' in request.Headers && request.Path == '/chat/completions' && api.Name == 'openai'",
      },
    ],
  });
  const anthropic = config.provider('anthropic', bare('anthropic'), {
    template: 'anthropic',
    dialect: 'anthropic',
    credential: { header: 'x-api-key', value: 'sk-ant' },
    accessControl: only('/v1/messages'),
    policies: [policy('api-key-auth', {}, at('/v1/messages', KEY_AUTH))],
  });
  gemini = config.provider('gemini', bare('gemini'), {
    template: 'gemini',
    dialect: 'gemini',
    credential: { header: 'x-goog-api-key', value: 'goog' },
    accessControl: only('/v1beta/models/{model}:generateContent'),
    policies: [policy('api-key-auth', {}, at('/v1beta/models/{model}:generateContent', KEY_AUTH))],
  });
  const bedrock = config.provider('bedrock', bare('bedrock'), {
    template: 'awsbedrock',
    dialect: 'bedrock-converse',
    accessControl: only('/model/{modelId}/converse'),
    policies: [
      policy('prompt-decorator', {
        promptDecoratorConfig: JSON.stringify({ decoration: [{ role: 'system', content: 'Be kind.' }] }),
      }),
      policy('regex-guardrail', { request: { enabled: true, regex: 'secret', invert: true } }),
      policy('content-length-guardrail', { response: { enabled: true, min: 4, max: 1000 } }),
    ],
  });
  const guarded = config.provider('guarded', upstreams.openai.url, {
    template: 'openai',
    policies: [policy('regex-guardrail', { response: { enabled: true, regex: 'Hello', invert: true } })],
  });
  const second = config.provider('second', upstreams.second.url, { template: 'openai' });
  const closed = config.provider('closed', upstreams.second.url, {
    template: 'openai',
    accessControl: { mode: 'allow_all', exceptions: [{ path: '/chat/*', methods: ['*'] }] },
    policies: stamp('closed'),
  });
  const limited = config.provider('limited', upstreams.openai.url, {
    template: 'openai',
    prices: PRICES,
    policies: [policy('basic-ratelimit', {}, at('/chat/completions', { limits: [{ requests: 2, duration: '1h' }] }))],
  });
  const all = [
    { providerId: openai.id, alias: 'openai' },
    { providerId: anthropic.id, alias: 'anthropic', auth: config.hop(anthropic, 'X-API-Key', anthropicKey) },
    { providerId: gemini.id, alias: 'gemini', auth: config.hop(gemini, 'x-api-key', geminiKey) },
    { providerId: bedrock.id, alias: 'bedrock' },
    { providerId: closed.id, alias: 'closed' },
    { providerId: limited.id, alias: 'limited' },
    { providerId: guarded.id, alias: 'guarded' },
  ];
  config.proxy('all', '/all', [openai], { providers: all, policies: stamp('proxy') });
  config.proxy('crossed', '/crossed', [openai], {
    providers: [
      { providerId: anthropic.id, alias: 'anthropic', auth: config.hop(anthropic, 'X-API-Key', geminiKey) },
      { providerId: gemini.id, alias: 'gemini' },
    ],
  });
  config.proxy('twice', '/twice', [gemini], {
    providers: [
      { providerId: gemini.id, alias: 'known', auth: config.hop(gemini, 'X-API-Key', geminiKey) },
      { providerId: gemini.id, alias: 'stranger', auth: config.hop(gemini, 'X-API-Key', anthropicKey) },
    ],
  });
  const own = config.provider('own-header', bare('gemini'), {
    template: 'gemini',
    dialect: 'gemini',
    policies: [policy('api-key-auth', { key: 'X-Own-Key', in: 'header' })],
  });
  config.proxy('unkeyed', '/unkeyed', [openai], {
    providers: [{ providerId: own.id, alias: 'gemini', auth: config.hop(own, 'X-Another', geminiKey) }],
  });
  const target = (providerId: string, priority: number) => ({ providerId, model: 'm', weight: 1, priority });
  config.proxy('falling', '/falling', [closed, second], {
    models: [{ name: 'm', targets: [target(closed.id, 0), target(second.id, 1)] }],
    policies: [policy('regex-guardrail', { request: { enabled: true, regex: 'never', invert: true } })],
  });
  config.proxy('two-limits', '/two-limits', [limited, second], {
    models: [{ name: 'm', targets: [target(limited.id, 0), target(second.id, 1)] }],
  });
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  for (const upstream of Object.values(upstreams)) upstream.stop();
  await redis?.dispose();
});

beforeEach(() => {
  for (const upstream of Object.values(upstreams)) {
    upstream.received.length = 0;
    upstream.script = answerAsVendor;
  }
});

const ask = (proxy: string, provider: string, sent: object = body) =>
  gateway.post(`/${proxy}/v1/chat/completions`, key, sent, { headers: { 'x-provider': provider } });
const received = () => Object.values(upstreams).reduce((sum, upstream) => sum + upstream.received.length, 0);

describe('the policies of providers', () => {
  it('A5.2: run behind those of the proxy, and their answers pass the proxy last', async () => {
    const response = await ask('all', 'openai');
    expect(response.status).toBe(200);
    expect(upstreams.openai.last.headers).toMatchObject({
      'x-chain': 'provider',
      'x-proxy': 'yes',
      'x-provider': 'yes',
      authorization: UPSTREAM_CREDENTIAL,
    });
    expect(response.headers.get('x-answer-chain')).toBe('proxy');
    expect(response.headers.get('x-answer-provider')).toBe('yes');
  });

  it('A5.4: run where their condition is true, which sees the request as it arrives at the provider', async () => {
    const headers = { 'x-provider': 'openai', 'x-wanted': 'yes' };
    await (await gateway.post('/all/v1/chat/completions', key, body, { headers })).text();
    expect(upstreams.openai.last.headers['x-tier']).toBe('gold');
    await (await ask('all', 'openai')).text();
    expect(upstreams.openai.last.headers['x-tier']).toBeUndefined();
  });

  it('A5.2: follow streams event by event', async () => {
    const response = await ask('all', 'bedrock', { ...body, stream: true });
    expect([response.status, await response.text()]).toEqual([404, NOT_FOUND]);
    const guarded = await ask('all', 'guarded', { ...body, stream: true });
    expect(await guarded.text()).toContain('GUARDRAIL');
  });

  it('A5.2: see and change the body as the vendor gets it, and refuse requests and answers', async () => {
    upstreams.bedrock.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          output: { message: { role: 'assistant', content: [{ text: 'yes' }] } },
          stopReason: 'end_turn',
          usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
        }),
      );
    };
    const response = await ask('all', 'bedrock');
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('INTERVENED')]);
    expect(upstreams.bedrock.last.json).toMatchObject({
      system: [{ text: 'Be kind.' }],
      messages: [{ role: 'user', content: [{ text: 'hi' }] }],
    });
    upstreams.bedrock.script = answerAsVendor;
    const longer = await ask('all', 'bedrock');
    expect([longer.status, ((await longer.json()) as ChatAnswer).choices[0]?.message.content]).toEqual([200, 'Hello']);
    const sent = { ...body, messages: [{ role: 'user', content: 'my secret' }] };
    const count = received();
    const refused = await ask('all', 'bedrock', sent);
    expect(refused.status).toBe(422);
    await refused.text();
    expect(received()).toBe(count);
  });

  it('A5.2: have limits that are taken together with all others, and hold for the provider alone', async () => {
    const statuses: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const response = await ask('all', 'limited');
      await response.text();
      statuses.push(`${response.status} ${response.headers.get('x-penstock-provider')}`);
    }
    expect(statuses.map((status) => status.slice(0, 3))).toEqual(['200', '200', '429']);
    const other = await ask('all', 'openai');
    expect(other.status).toBe(200);
  });
});

describe('the access control of providers', () => {
  it('A5.5: deny_all lets {model}:generateContent through and no stream, whatever dialect callers speak', async () => {
    expect((await ask('all', 'gemini')).status).toBe(200);
    expect(upstreams.gemini.last.path).toBe('/v1beta/models/up%2Fm:generateContent');
    const count = received();
    const stream = await ask('all', 'gemini', { ...body, stream: true });
    expect([stream.status, await stream.text()]).toEqual([404, NOT_FOUND]);
    expect(stream.headers.get('content-type')).toBe('application/json');
    expect(received()).toBe(count);
  });

  it('A5.5: a denied target is not tried, and the next one is', async () => {
    const response = await gateway.post('/falling/v1/chat/completions', key, body);
    expect([response.status, response.headers.get('x-penstock-provider')]).toEqual([200, 'second']);
    expect(response.headers.get('x-penstock-attempts')).toBe('1');
  });

  it("A5.5: goes before the provider's policies, by a beginning too", async () => {
    const response = await ask('all', 'closed');
    expect([response.status, await response.text()]).toEqual([404, NOT_FOUND]);
    expect(response.headers.get('x-answer-closed')).toBeNull();
    const embeddings = await gateway.post(
      '/all/v1/embeddings',
      key,
      { model: 'm', input: 'x' },
      {
        headers: { 'x-provider': 'closed' },
      },
    );
    expect(embeddings.status).toBe(200);
  });
});

describe('what proxies show to providers', () => {
  it('A5.1: satisfies the key policy of the provider and never reaches the vendor', async () => {
    const response = await ask('all', 'anthropic');
    expect(response.status).toBe(200);
    expect(upstreams.anthropic.last.headers['x-api-key']).toBe('sk-ant');
    expect(JSON.stringify(upstreams.anthropic.received)).not.toContain(key);
  });

  it('A5.3: keys never cross: each vendor gets its own credential, and another provider’s key opens nothing', async () => {
    for (const name of ['openai', 'anthropic', 'gemini', 'bedrock'] as const) await (await ask('all', name)).text();
    const credentials = (['openai', 'anthropic', 'gemini', 'bedrock'] as const).map((name) => {
      const { authorization, ...headers } = upstreams[name].last.headers;
      return [authorization, headers['x-api-key'], headers['x-goog-api-key']];
    });
    expect(credentials).toEqual([
      [UPSTREAM_CREDENTIAL, undefined, undefined],
      [undefined, 'sk-ant', undefined],
      [undefined, undefined, 'goog'],
      [UPSTREAM_CREDENTIAL, undefined, undefined],
    ]);
    const count = received();
    for (const name of ['anthropic', 'gemini']) {
      const response = await ask('crossed', name);
      expect([response.status, await response.json()]).toEqual([
        401,
        { error: 'Unauthorized', message: 'Valid API key required' },
      ]);
    }
    expect(received()).toBe(count);
    await waitUntil('the log', () => gateway.output.includes('a provider refuses a proxy'));
    expect(gateway.output).toContain('the proxy shows no key where the provider wants one');
  });

  it('A5.1: cannot be made up for by the caller', async () => {
    const headers = { 'x-provider': 'gemini', authorization: `Bearer ${key}`, 'x-own-key': geminiKey };
    const response = await gateway.post('/unkeyed/v1/chat/completions', key, body, { headers });
    expect(response.status).toBe(401);
    expect((await ask('unkeyed', 'gemini')).status).toBe(401);
  });

  it('A5.1: is the one of the name by which the provider was chosen', async () => {
    expect((await ask('twice', 'known')).status).toBe(200);
    expect((await ask('twice', 'stranger')).status).toBe(401);
    expect((await ask('twice', 'known')).status).toBe(200);
  });

  it('A5.1: expires', async () => {
    const expiresAt = new Date(Date.now() + 3_000).toISOString();
    const soonOver = config.key('soon-over', { proxies: [], providers: ['gemini'], expiresAt });
    const auth = config.hop(gemini, 'X-API-Key', soonOver);
    config.proxy('over', '/over', [gemini], { providers: [{ providerId: gemini.id, alias: 'gemini', auth }] });
    await config.publish(redis.url);
    const statusIs = (status: number) =>
      waitUntil(`the answer ${status}`, async () => (await ask('over', 'gemini')).status === status, {
        timeoutMs: 20_000,
        intervalMs: 100,
      });
    await statusIs(200);
    await statusIs(401);
  });
});
