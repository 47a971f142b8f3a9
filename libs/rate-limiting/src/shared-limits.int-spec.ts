import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { Limit, redisNames } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { reservationOf } from './limiter-conformance.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import { readLedgers } from './read-ledgers.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

jest.setTimeout(60_000);

const PROCESSES = 4;
const CONCURRENCY = 64;
const RUN_MS = 4_000;
const KILL_AFTER_MS = 1_500;
const LEASE_MS = 1_500;
const BUDGETS = { 'cost/month': 150_000, 'cost/day/rolling': 160_000 } as const;
const MOST_RUNNING = 40;

interface Total {
  readonly calls: number;
  readonly admitted: number;
  readonly duplicates: number;
  readonly tokens: number;
  readonly cost: number;
  readonly local: number;
}

const clock = { now: () => Date.now() };
const url = process.env.REDIS_URL ?? '';
const redis = new Redis(url);
afterAll(() => redis.disconnect());

const gateway = fileURLToPath(new URL('./limiter-conformance-process.ts', import.meta.url));
const keyOf = (id: string): string => redisNames.limit('shared', 'key:shared', `shared/${id}`);
const running = keyOf('concurrency/');
const fields = (id: string): Promise<number[]> =>
  redis.hmget(keyOf(id), 'spent', 'reserved', 'pledged').then((values) => values.map(Number));

/** Looks at the ledgers and at what runs every 5 ms. */
function watch(): { stop(): { readonly samples: number; readonly exceeded: readonly unknown[] } } {
  const exceeded: unknown[] = [];
  let samples = 0;
  const timer = setInterval(() => {
    for (const [id, max] of Object.entries(BUDGETS)) {
      void fields(id).then((parts) => {
        samples += 1;
        if (parts.reduce((sum, part) => sum + part, 0) > max) exceeded.push({ id, parts });
      });
    }
    void redis.zcard(running).then((count) => count > MOST_RUNNING && exceeded.push({ running: count }));
  }, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return { samples, exceeded };
    },
  };
}

/** Runs a gateway to its end; gives the last line that it printed whole. */
function start(): { readonly child: ChildProcess; readonly end: Promise<unknown>; readonly total: Promise<Total> } {
  const given = [url, RUN_MS, CONCURRENCY, LEASE_MS].map(String);
  const child = spawn(process.execPath, [gateway, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  const total = text(child.stdout).then((output) => {
    const lines = output.slice(0, output.lastIndexOf('\n')).split('\n');
    return JSON.parse(lines.at(-1) ?? '') as Total;
  });
  return { child, end: once(child, 'exit'), total };
}

function budget(id: string, max: number): ApplicableLimit {
  const [, window, alignment = 'calendar'] = id.split('/');
  const limit = Limit.parse({ unit: 'cost', window, alignment, max });
  return { organizationId: 'shared', subject: 'key:shared', id: `shared/${id}`, quota: 'shared', limit };
}

/** Nothing that the dead process held blocks what is left. */
async function spendRest(applicable: ApplicableLimit, spent: number): Promise<void> {
  const fallback = new MemoryRateLimiter({ clock, share: () => 1 });
  const limiter = new RedisRateLimiter({ redis, clock, fallback, instances: () => 1, deadlineMs: 5_000 });
  const rest = { applicable, amount: applicable.limit.max - spent };
  const reservation = reservationOf(await limiter.reserve([rest]));
  expect(reservation.local).toBe(false);
  expect((await limiter.reserve([{ applicable, amount: 1 }])).allowed).toBe(false);
  await limiter.settle(reservation, () => 0);
  await limiter.close();
}

describe('limits that several processes share', () => {
  it('hold to the unit, however many ask at once, whoever dies and whatever is settled twice', async () => {
    const watched = watch();
    const startedAt = performance.now();
    const gateways = Array.from({ length: PROCESSES }, start);
    const victim = gateways[0] as (typeof gateways)[number];
    await waitUntil('requests', async () => (await redis.zcard(running)) > 0, { timeoutMs: 20_000 });
    await new Promise((resolve) => void setTimeout(resolve, KILL_AFTER_MS));
    victim.child.kill('SIGKILL');
    await Promise.all(gateways.map(({ end }) => end));
    const totals = await Promise.all(gateways.map(({ total }) => total));
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    const { samples, exceeded } = watched.stop();
    const sum = (field: keyof Total, of = totals): number => of.reduce((all, total) => all + total[field], 0);

    expect(victim.child.signalCode).toBe('SIGKILL');
    expect(exceeded).toEqual([]);
    expect(samples).toBeGreaterThan(200);
    expect(sum('local')).toBe(0);
    expect(sum('duplicates')).toBeGreaterThan(0);
    expect(sum('admitted')).toBeLessThanOrEqual(50 + 200 * elapsedSeconds);
    // What ran when the last token was taken may exceed by its own estimate, and by no more.
    expect(sum('tokens')).toBeLessThanOrEqual(10_000 + 60_000 * elapsedSeconds);

    await new Promise((resolve) => void setTimeout(resolve, LEASE_MS));
    const budgets = Object.entries(BUDGETS).map(([id, max]) => budget(id, max));
    const ledgers = await readLedgers(redis, budgets);
    for (const { applicable, spent, reserved, pledged } of ledgers) {
      expect({ reserved, pledged }).toEqual({ reserved: 0, pledged: 0 });
      // The killed process printed its last line up to 50 ms before its end; what it held then counts as spent.
      expect(spent).toBeGreaterThanOrEqual(sum('cost'));
      expect(spent).toBeLessThanOrEqual(applicable.limit.max);
      await spendRest(applicable, spent);
    }
    expect(await redis.zcount(running, Date.now(), '+inf')).toBe(0);
    const spent = ledgers.map((ledger) => ledger.spent);
    process.stdout.write(
      `limits: ${Math.round(sum('calls') / elapsedSeconds)} decisions/s of 5 charges in ${elapsedSeconds.toFixed(1)} s, ` +
        `${samples} samples, 0 above; ${JSON.stringify({ spent, totals })}\n`,
    );
  });
});
