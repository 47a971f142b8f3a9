import { Limit } from '@penstock/contracts';
import { Redis } from 'ioredis';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

/** One of several gateways that share limits: started by `shared-limits.int-spec.ts` as a process of its own. */
const [url = '', runMs = '0', concurrency = '1'] = process.argv.slice(2);
const clock = { now: () => Date.now() };
const redis = new Redis(url, limiterRedisOptions);
const limiter = new RedisRateLimiter({
  redis,
  clock,
  fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
  instances: () => 1,
  deadlineMs: 10_000,
});

const limitOf = (id: string, limit: unknown): ApplicableLimit => ({
  organizationId: 'shared',
  subject: 'key:shared',
  id,
  quota: 'shared',
  limit: Limit.parse(limit),
});
const requests = limitOf('requests', { unit: 'requests', window: 'second', max: 200, burst: 50 });
const tokens = limitOf('tokens', { unit: 'tokens', window: 'second', max: 60_000, burst: 10_000 });
const budget = limitOf('budget', { unit: 'cost', window: 'month', max: 100_000 });
const running = limitOf('running', { unit: 'concurrency', max: 40 });
const charges = [
  { applicable: requests, amount: 1 },
  { applicable: tokens, amount: 400 },
  { applicable: budget, amount: 500 },
  { applicable: running, amount: 1 },
];

const total = { calls: 0, admitted: 0, tokens: 0, cost: 0, local: 0 };

async function call(): Promise<void> {
  total.calls += 1;
  const decision = await limiter.reserve(charges);
  if (!decision.allowed) return;
  total.admitted += 1;
  total.local += decision.reservation.local ? 1 : 0;
  const used = { tokens: 50 + Math.floor(Math.random() * 300), cost: Math.floor(Math.random() * 500) };
  total.tokens += used.tokens;
  total.cost += used.cost;
  await limiter.settle(decision.reservation, ({ applicable, amount }) => {
    if (applicable === tokens) return used.tokens;
    return applicable === budget ? used.cost : amount;
  });
}

redis.once('ready', () => {
  const until = performance.now() + Number(runMs);
  const caller = async (): Promise<void> => {
    while (performance.now() < until) await call();
  };
  void Promise.all(Array.from({ length: Number(concurrency) }, caller)).then(() => {
    process.stdout.write(JSON.stringify(total));
    redis.disconnect();
  });
});
