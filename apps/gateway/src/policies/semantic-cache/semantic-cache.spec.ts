import { describe, expect, it } from '@jest/globals';
import { SemanticCache } from '@penstock/contracts';
import type { CanonicalEvent, JsonObject } from '@penstock/dialects';
import { createLogger } from '@penstock/telemetry';
import fc from 'fast-check';
import { readUnitVector } from '../../embeddings/unit-vector.ts';
import { KnownStream } from '../known-stream.ts';
import type { BodyCall } from '../policy.ts';
import type { PolicyServices, SemanticLookUp } from '../policy-factory.ts';
import { textFinder } from './asked-text.ts';
import { semanticCache } from './index.ts';
import { entryBytes, readEntry, writeEntry } from './kept-entry.ts';
import { nearest } from './nearest.ts';
import type { KeptVector, SimilarAnswerStore } from './similar-answer-store.ts';

const vectorOf = (...numbers: number[]): Float32Array => readUnitVector(numbers) ?? new Float32Array();
const kept = (id: string, vector: Float32Array): KeptVector => ({ id, vector });

describe('C semantic-cache: the nearest', () => {
  it('C semantic-cache: is found from the threshold on, its edge included', () => {
    const list = [kept('a', vectorOf(1, 0)), kept('b', vectorOf(0.8, 0.6))];
    const asked = vectorOf(0.6, 0.8);
    expect(nearest(asked, list, 0.96)?.id).toBe('b');
    expect(nearest(asked, list, 0.961)).toBeNull();
    expect(nearest(asked, list.slice(0, 1), 0.6)?.id).toBe('a');
    expect(nearest(asked, list.slice(0, 1), 0.601)).toBeNull();
    expect(nearest(asked, [], 0)).toBeNull();
    expect(nearest(vectorOf(-1, 0), list, 0)).toBeNull();
  });

  it('C semantic-cache: of the same is the newest, and a text is as near to itself as can be', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 50 }), (numbers) => {
        const vector = vectorOf(...numbers);
        expect(nearest(vector, [kept('new', vector), kept('old', vector)], 1)?.id).toBe('new');
      }),
    );
  });
});

describe('C semantic-cache: a kept vector', () => {
  it('C semantic-cache: is read as it was written, until it expires', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true }),
        fc.integer({ min: 1 }),
        (vector, until) => {
          const { id, bytes } = writeEntry(vector, until);
          const dimensions = vector.length;
          expect(bytes).toHaveLength(entryBytes(dimensions));
          expect(readEntry(bytes, { dimensions, now: until - 1 })).toEqual({ id, vector });
          expect(readEntry(bytes, { dimensions, now: until })).toBeNull();
          expect(readEntry(bytes, { dimensions: dimensions + 1, now: 0 })).toBeNull();
        },
      ),
    );
  });
});

describe('C semantic-cache: the text of a request', () => {
  const user = (content: unknown) => ({ role: 'user', content });
  const find = (path: string, body: object) => textFinder(path)(JSON.parse(JSON.stringify(body)) as JsonObject);
  const newest = '$.messages[-1].content';

  it.each([
    [{ messages: [user('a'), user('b')] }, 'b'],
    [
      {
        messages: [
          user([
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ]),
        ],
      },
      'a\nb',
    ],
    [{ input: 'a' }, 'a'],
    [{ contents: [{ role: 'user', parts: [{ text: 'a' }] }] }, 'a'],
    [{ prompt: 'a' }, 'a'],
  ])('C semantic-cache: of %j is %j', (body, text) => {
    expect(find(newest, body)?.text).toBe(text);
  });

  it('C semantic-cache: is what may differ, and nothing else', () => {
    const body = { model: 'm', stream: true, messages: [user('before'), user('x')], stream_options: {} };
    const same = { model: 'm', messages: [user('before'), user('y')] };
    expect(find(newest, body)?.rest).toBe(find(newest, same)?.rest);
    for (const other of [
      { ...same, model: 'n' },
      { ...same, messages: [user('other'), user('y')] },
      { ...same, messages: [user('y')] },
      { ...same, messages: [user('before'), user([{ type: 'text', text: 'y' }])] },
      { ...same, temperature: 1 },
    ])
      expect(find(newest, other)?.rest).not.toBe(find(newest, same)?.rest);
    expect(find('$.system', { system: 'a', model: 'm' })).toEqual({ text: 'a', rest: '{"system":"","model":"m"}' });
    expect(find('', { stream: true, model: 'm' })).toEqual({ text: '{"model":"m"}', rest: '' });
  });

  it('C semantic-cache: leaves the body as it was', () => {
    const body = { messages: [user('a'), user([{ type: 'text', text: 'b' }])] };
    const before = JSON.stringify(body);
    textFinder(newest)(body as unknown as JsonObject);
    expect(JSON.stringify(body)).toBe(before);
  });

  it('C semantic-cache: is none where nothing is said', () => {
    expect(find(newest, { messages: [user(' ')] })).toBeNull();
    expect(find(newest, {})).toBeNull();
    expect(find('$.nothing', { messages: [user('a')] })).toBeNull();
  });
});

class Store implements SimilarAnswerStore {
  readonly kept: { scope: string; id: string; vector: Float32Array; answer: string }[] = [];
  isLost = false;

  open(): void {
    // Nothing to connect to.
  }

  async vectors(scope: string) {
    return this.isLost ? null : this.kept.filter((one) => one.scope === scope);
  }

  async answer(scope: string, id: string) {
    return this.kept.find((one) => one.scope === scope && one.id === id)?.answer ?? null;
  }

  keep(scope: string, { vector, answer }: { readonly vector: Float32Array; readonly answer: string }): void {
    this.kept.unshift({ scope, id: String(this.kept.length), vector, answer });
  }
}

function world(params: object = {}) {
  const store = new Store();
  const results: SemanticLookUp[] = [];
  const world = { store, results, embeds: async (): Promise<Float32Array> => vectorOf(1, 0) };
  const services = {
    logger: createLogger({ name: 'test', level: 'silent' }),
    similarAnswers: store,
    onSemanticLookUp: (result: SemanticLookUp) => results.push(result),
    embedder: { embed: () => world.embeds() },
  } as unknown as PolicyServices;
  const wanted = { embeddingProvider: 'p', embeddingModel: 'e', ...params };
  const owner = { organizationId: 'o', proxyId: 'p', proxyName: 'shop', place: '' };
  const policy = semanticCache.create(SemanticCache.params.parse(wanted) as never, owner, services);
  return Object.assign(world, { policy });
}

function callOf({
  key = 'k',
  stream = false,
  operation = 'chat',
  json = {},
  headers = {},
}: { key?: string | null; stream?: boolean; operation?: string; json?: object; headers?: object } = {}): BodyCall {
  const context = {
    request: { headers },
    key: key && { id: key },
    proxy: { id: 'p' },
    route: { endpoint: { operation } },
  };
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...json };
  return {
    context,
    facts: { model: 'm', stream },
    metadata: new Map(),
    json: body,
    answerHeaders: new Map(),
    upstreamHeaders: new Map<string, string | null>(),
  } as unknown as BodyCall;
}

const completed = { outcome: 'completed', status: 200 } as never;

describe('C semantic-cache: a request', () => {
  it('C semantic-cache: is answered as the one before it', async () => {
    const { policy, results, store } = world();
    const first = callOf();
    expect(await policy.onLookUp?.(first)).toBeUndefined();
    await policy.onAnswer?.(first, { id: 'answer' });
    policy.onEnd?.(first, completed);
    const second = callOf();
    expect(await policy.onLookUp?.(second)).toEqual({ id: 'answer' });
    expect([first, second].map(({ answerHeaders }) => answerHeaders.get('x-cache-status'))).toEqual(['MISS', 'HIT']);
    expect([results, store.kept.length]).toEqual([['miss', 'hit'], 1]);
  });

  it('C semantic-cache: is answered by a stream if it asks for one', async () => {
    const { policy } = world();
    const events: CanonicalEvent[] = [
      { type: 'start', id: 'a', model: 'm' },
      { type: 'text', key: 't', text: 'x' },
      { type: 'end' },
    ];
    const first = callOf({ stream: true });
    await policy.onLookUp?.(first);
    const filter = policy.createStreamFilter?.(first);
    for (const event of events) expect(filter?.push(event)).toEqual([event]);
    policy.onEnd?.(first, completed);
    const known = await policy.onLookUp?.(callOf({ stream: true }));
    expect(known instanceof KnownStream && known.events).toEqual(events);
    expect(await policy.onLookUp?.(callOf())).toBeUndefined();
  });

  it.each([
    ['failed', { outcome: 'failed', status: 200 }, 'x'],
    ['of another status', { outcome: 'completed', status: 201 }, 'x'],
    ['too large', { outcome: 'completed', status: 200 }, 'x'.repeat(2_000)],
  ])('C semantic-cache: is not kept when it is %s', async (_what, end, text) => {
    const { policy, store } = world({ maxEntryBytes: 1_024 });
    for (const stream of [false, true]) {
      const call = callOf({ stream });
      await policy.onLookUp?.(call);
      if (stream) {
        const filter = policy.createStreamFilter?.(call);
        for (const event of [{ type: 'text', key: 't', text }, { type: 'end' }] as const) await filter?.push(event);
      } else await policy.onAnswer?.(call, { text });
      policy.onEnd?.(call, end as never);
    }
    expect(store.kept).toEqual([]);
  });

  it('C semantic-cache: is not kept when its stream breaks off', async () => {
    const { policy, store } = world();
    const call = callOf({ stream: true });
    await policy.onLookUp?.(call);
    await policy.createStreamFilter?.(call)?.push({ type: 'text', key: 't', text: 'x' });
    policy.onEnd?.(call, completed);
    expect(store.kept).toEqual([]);
  });

  it('C semantic-cache: has its own answers for each caller and each way to ask', async () => {
    const { policy } = world();
    const first = callOf();
    await policy.onLookUp?.(first);
    await policy.onAnswer?.(first, { id: 'answer' });
    policy.onEnd?.(first, completed);
    for (const other of [
      { key: 'other' },
      { operation: 'messages' },
      { json: { temperature: 0 } },
      { headers: { 'x-provider': 'p' } },
      { headers: { 'anthropic-version': '1' } },
    ])
      expect(await policy.onLookUp?.(callOf(other))).toBeUndefined();
    expect(await policy.onLookUp?.(callOf())).toEqual({ id: 'answer' });
  });

  it('C semantic-cache: goes to the model when anything fails, and it is counted', async () => {
    const one = world();
    one.embeds = () => Promise.reject(new Error('late'));
    expect(await one.policy.onLookUp?.(callOf())).toBeUndefined();
    one.embeds = async () => vectorOf(1, 0);
    one.store.isLost = true;
    expect(await one.policy.onLookUp?.(callOf())).toBeUndefined();
    expect(
      await one.policy.onLookUp?.(callOf({ json: { messages: [{ role: 'user', content: 'x'.repeat(40_000) }] } })),
    ).toBeUndefined();
    const narrow = world({ embeddingDimension: 3 });
    expect(await narrow.policy.onLookUp?.(callOf())).toBeUndefined();
    expect([...one.results, ...narrow.results]).toEqual([
      'embedding-failed',
      'store-failed',
      'skipped',
      'embedding-failed',
    ]);
  });

  it('C semantic-cache: goes to the model when what was kept cannot be read', async () => {
    const { policy, store } = world();
    const first = callOf();
    await policy.onLookUp?.(first);
    await policy.onAnswer?.(first, { id: 'answer' });
    policy.onEnd?.(first, completed);
    const [entry] = store.kept;
    if (entry) entry.answer = '[1';
    expect(await policy.onLookUp?.(callOf())).toBeUndefined();
    expect(await policy.onLookUp?.(callOf({ stream: true }))).toBeUndefined();
  });

  it('C semantic-cache: is no concern of it where strangers, embeddings or counts are', async () => {
    const one = world();
    for (const call of [
      callOf({ key: null }),
      callOf({ operation: 'embeddings' }),
      callOf({ operation: 'count-tokens' }),
    ])
      expect(await one.policy.onLookUp?.(call)).toBeUndefined();
    expect(one.results).toEqual([]);
    const open = world({ cacheUnauthenticated: true });
    await open.policy.onLookUp?.(callOf({ key: null }));
    expect(open.results).toEqual(['miss']);
  });
});

describe('C semantic-cache: its parameters', () => {
  it('C semantic-cache: have the defaults of the original', () => {
    const params = SemanticCache.params.parse({
      embeddingProvider: 'p',
      embeddingModel: 'e',
      vectorStoreProvider: 'REDIS',
    });
    expect(params).toMatchObject({
      similarityThreshold: 0.5,
      jsonPath: '$.messages[-1].content',
      cacheUnauthenticated: false,
      ttl: 3_600,
    });
    const broken = SemanticCache.params.safeParse({
      embeddingProvider: 'p',
      embeddingModel: 'e',
      vectorStoreProvider: 'MILVUS',
    });
    expect(broken.error?.issues[0]?.message).toMatch(/must be REDIS/);
  });
});
