import { setTimeout as delay } from 'node:timers/promises';
import { Limit, limitId } from '@penstock/contracts';
import { Redis } from 'ioredis';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

/**
 * One of several gateways that share limits: started by `shared-limits.int-spec.ts` as a process of its own. It prints what it
 * has admitted and settled, in a line every 50 ms, and one at the end.
 */
const [url = '', runMs = '0', concurrency = '1', leaseMs = '0'] = process.argv.slice(2);
const clock = { now: () => Date.now() };
const redis = new Redis(url, limiterRedisOptions);
const limiter = new RedisRateLimiter({
  redis,
  clock,
  fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
  instances: () => 1,
  deadlineMs: 10_000,
  leaseMs: Number(leaseMs),
});

const limitOf = (given: unknown): ApplicableLimit => {
  const limit = Limit.parse(given);
  return { organizationId: 'shared', subject: 'key:shared', id: limitId('shared', limit), quota: 'shared', limit };
};
const requests = limitOf({ unit: 'requests', window: 'second', max: 200, burst: 50 });
const tokens = limitOf({ unit: 'tokens', window: 'second', max: 60_000, burst: 10_000 });
const month = limitOf({ unit: 'cost', window: 'month', max: 150_000 });
const day = limitOf({ unit: 'cost', window: 'day', max: 160_000, alignment: 'rolling' });
const running = limitOf({ unit: 'concurrency', max: 40 });
const charges = [
  { applicable: requests, amount: 1 },
  { applicable: tokens, amount: 400 },
  { applicable: month, amount: 500 },
  { applicable: day, amount: 500 },
  { applicable: running, amount: 1 },
];

const total = { calls: 0, admitted: 0, duplicates: 0, tokens: 0, cost: 0, local: 0 };

async function call(): Promise<void> {
  total.calls += 1;
  const decision = await limiter.reserve(charges);
  if (!decision.allowed) return;
  total.admitted += 1;
  total.local += decision.reservation.local ? 1 : 0;
  await delay(Math.random() * 20);
  const used = { tokens: 50 + Math.floor(Math.random() * 300), cost: Math.floor(Math.random() * 500) };
  const settle = (scale: number): Promise<void> =>
    limiter.settle({ ...decision.reservation }, ({ applicable: { limit }, amount }) => {
      if (limit.unit === 'tokens') return used.tokens * scale;
      return limit.unit === 'cost' ? used.cost * scale : amount;
    });
  await settle(1);
  total.tokens += used.tokens;
  total.cost += used.cost;
  if (Math.random() >= 0.05) return;
  total.duplicates += 1;
  await settle(2);
}

function print(): void {
  process.stdout.write(`${JSON.stringify(total)}\n`);
}

redis.once('ready', () => {
  const until = performance.now() + Number(runMs);
  const caller = async (): Promise<void> => {
    while (performance.now() < until) await call();
  };
  const printing = setInterval(print, 50);
  void Promise.all(Array.from({ length: Number(concurrency) }, caller)).then(async () => {
    clearInterval(printing);
    await limiter.close();
    print();
    redis.disconnect();
  });
});
