import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisNames } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { RedisSimilarAnswers } from './redis-similar-answers.ts';

let server: PrivateRedis;
let admin: Redis;
let answers: RedisSimilarAnswers;
const faults: unknown[] = [];
let nowMs = Date.now();

beforeAll(async () => {
  server = await startPrivateRedis();
  admin = new Redis(server.url, { disconnectTimeout: 100 });
  answers = new RedisSimilarAnswers(
    server.url,
    (error) => faults.push(error),
    () => nowMs,
  );
});

afterAll(async () => {
  answers?.close();
  admin?.disconnect();
  await server?.dispose();
});

const vector = (...numbers: number[]): Float32Array => Float32Array.from(numbers);
const keep = (scope: string, ...numbers: number[]) =>
  answers.keep(scope, { vector: vector(...numbers), answer: `answer ${numbers.join()}` }, { ttlSeconds: 60, most: 3 });
const kept = async (scope: string, dimensions = 2) => answers.vectors(scope, { most: 3, dimensions });
const holds = async (scope: string, count: number) =>
  waitUntil('the vectors to be there', async () => (await kept(scope))?.length === count);

describe('C semantic-cache: what Redis keeps', () => {
  it('C semantic-cache: is nothing before a config uses it', async () => {
    expect([await kept('s'), await answers.answer('s', 'x')]).toEqual([null, undefined]);
    answers.open();
    await waitUntil('the connection', async () => (await kept('s')) !== null);
  });

  it('C semantic-cache: is the newest of each scope, and their answers', async () => {
    for (const number of [1, 2, 3, 4]) keep('newest', number, 0);
    keep('other', 9, 0);
    await holds('newest', 3);
    const found = (await kept('newest')) ?? [];
    expect(found.map((one) => [...one.vector])).toEqual([
      [4, 0],
      [3, 0],
      [2, 0],
    ]);
    expect(await answers.answer('newest', found[0]?.id ?? '')).toBe('answer 4,0');
    expect(await answers.answer('other', found[0]?.id ?? '')).toBeNull();
    expect(await admin.llen(redisNames.similarVectors('newest'))).toBe(3);
  });

  it('C semantic-cache: expires, each entry for itself', async () => {
    keep('expiring', 1, 0);
    await holds('expiring', 1);
    nowMs += 59_000;
    keep('expiring', 2, 0);
    await holds('expiring', 2);
    nowMs += 1_001;
    expect((await kept('expiring'))?.map((one) => one.vector[0])).toEqual([2]);
    for (const name of await admin.keys('*similar*')) expect(await admin.ttl(name)).toBeGreaterThan(0);
  });

  it('C semantic-cache: is not read where it has another length', async () => {
    keep('length', 1, 2);
    await holds('length', 1);
    expect(await kept('length', 3)).toEqual([]);
  });

  it('C semantic-cache: is not waited for when Redis hangs, nor asked for beyond a bound', async () => {
    await admin.call('CLIENT', 'PAUSE', '600', 'ALL');
    const startedAt = performance.now();
    // A vector of 8192 numbers is 32 KiB, of which 1024 are half of what may be on its way.
    const large = { most: 1_024, dimensions: 8_192 };
    const first = answers.vectors('large', large);
    const second = answers.vectors('large', large);
    const third = answers.vectors('large', large);
    expect(await third).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(50);
    expect(await Promise.all([first, second])).toEqual([null, null]);
    expect(performance.now() - startedAt).toBeLessThan(500);
    await waitUntil('Redis to answer', async () => (await answers.vectors('large', large)) !== null);
  });

  it('C semantic-cache: is gone with Redis, and nothing waits for that', async () => {
    admin.disconnect();
    await server.stop();
    await waitUntil('the loss to be noticed', async () => (await kept('newest')) === null);
    keep('newest', 5, 0);
    expect(await answers.answer('newest', 'x')).toBeUndefined();
    await waitUntil('the loss to be told', async () => faults.length > 0);
  });
});
