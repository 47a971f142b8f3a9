import { beforeEach, describe, expect, it } from '@jest/globals';
import { createIssuerKey, type IssuerKey, jwksOf } from '@penstock/testing';
import { KeysUnavailableError } from './key-set.ts';
import { FAILURE_COOLDOWN_MS, RemoteKeySet, UNKNOWN_KEY_COOLDOWN_MS } from './remote-key-set.ts';
import { RemoteKeySets } from './remote-key-sets.ts';

const first = createIssuerKey('first');
const second = createIssuerKey('second');
const where = { uri: 'https://idp.example/jwks', ttlMs: 60_000, staleMs: 600_000, timeoutMs: 1_000 };

let now: number;
let fetches: number;
let published: () => { readonly status: number; readonly body: string };
let faults: unknown[];
let set: RemoteKeySet;

const publish = (...keys: readonly IssuerKey[]) => {
  published = () => ({ status: 200, body: JSON.stringify(jwksOf(...keys)) });
};
const goDown = () => {
  published = () => {
    throw new TypeError('ECONNREFUSED');
  };
};

beforeEach(() => {
  now = 1_000_000;
  fetches = 0;
  faults = [];
  publish(first);
  const network = {
    request: async () => {
      fetches += 1;
      return published();
    },
  };
  set = new RemoteKeySet(where, { network, now: () => now, onFault: (_uri, error) => faults.push(error) });
});

const name = (id: string | null) => ({ id, algorithm: 'ES256' }) as const;
const find = async (id: string | null) => (await set.keysFor(name(id))).map((key) => key.id);
/** Lets what goes on in the background come to its end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('C jwt-auth: keys that are published', () => {
  it('C jwt-auth: are fetched once, however many wait, and then without a promise', async () => {
    const found = await Promise.all([find('first'), find('first'), find(null)]);
    expect([found, fetches]).toEqual([[['first'], ['first'], ['first']], 1]);
    expect(set.keysFor(name('first'))).not.toBeInstanceOf(Promise);
    expect(fetches).toBe(1);
  });

  it('C jwt-auth: are looked for again for a key that is not known, once in a while', async () => {
    await find('first');
    publish(first, second);
    expect([await find('second'), fetches]).toEqual([[], 1]);
    now += UNKNOWN_KEY_COOLDOWN_MS;
    expect([await find('second'), fetches]).toEqual([['second'], 2]);
    expect([await find('nobody'), fetches]).toEqual([[], 2]);
  });

  it('C jwt-auth: are renewed behind the back of requests', async () => {
    await find('first');
    const { generation } = set;
    publish(second);
    now += where.ttlMs + 1;
    const found = set.keysFor(name('first'));
    expect(found).not.toBeInstanceOf(Promise);
    await settle();
    expect([fetches, set.isCurrent(generation), set.isCurrent(generation + 1)]).toEqual([2, false, true]);
    expect(await find('first')).toEqual([]);
  });

  it('C jwt-auth: stay of one generation as long as they stay the same', async () => {
    await find('first');
    const { generation } = set;
    now += where.ttlMs + 1;
    await find('first');
    await settle();
    expect([fetches, set.isCurrent(generation)]).toEqual([2, true]);
  });

  it('C jwt-auth: are used for a while when the identity provider is down, and not for ever', async () => {
    await find('first');
    const { generation } = set;
    goDown();
    now += where.ttlMs + 1;
    expect(await find('first')).toEqual(['first']);
    await settle();
    for (let index = 0; index < 10; index += 1) await find('first');
    expect([fetches, faults.length]).toEqual([2, 1]);
    now += FAILURE_COOLDOWN_MS;
    expect(await find('first')).toEqual(['first']);
    now += where.staleMs;
    expect(set.isCurrent(generation)).toBe(false);
    await expect(find('first')).rejects.toThrow(KeysUnavailableError);
    publish(first);
    now += FAILURE_COOLDOWN_MS;
    expect(await find('first')).toEqual(['first']);
  });

  it('C jwt-auth: are asked for no sooner than a while after they could not be had', async () => {
    goDown();
    await expect(find('first')).rejects.toThrow(KeysUnavailableError);
    expect(() => set.keysFor(name('first'))).toThrow(KeysUnavailableError);
    expect(fetches).toBe(1);
    publish(first);
    now += FAILURE_COOLDOWN_MS;
    expect([await find('first'), fetches]).toEqual([['first'], 2]);
  });

  it.each([
    ['an error', { status: 500, body: '{}' }],
    ['a redirect', { status: 302, body: '' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['no keys', { status: 200, body: '{"keys":[]}' }],
    ['secrets', { status: 200, body: '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"first"}]}' }],
  ])('C jwt-auth: %s is no answer', async (_name, answer) => {
    published = () => answer;
    await expect(find('first')).rejects.toThrow(KeysUnavailableError);
    expect(faults).toHaveLength(1);
  });

  it('C jwt-auth: are shared by all that say the same', () => {
    const sets = new RemoteKeySets({
      network: { request: async () => published() },
      now: () => now,
      onFault: () => {},
    });
    expect(sets.of(where)).toBe(sets.of({ ...where }));
    expect(sets.of(where)).not.toBe(sets.of({ ...where, ttlMs: 1 }));
    const before = sets.of(where);
    for (let index = 0; index < 300; index += 1) sets.of({ ...where, uri: `https://idp.example/${index}` });
    expect(sets.of(where)).not.toBe(before);
  });
});
