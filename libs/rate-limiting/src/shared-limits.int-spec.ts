import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';

jest.setTimeout(60_000);

const PROCESSES = 4;
const CONCURRENCY = 32;
const RUN_MS = 3_000;

interface Total {
  readonly calls: number;
  readonly admitted: number;
  readonly tokens: number;
  readonly cost: number;
  readonly local: number;
}

const url = process.env.REDIS_URL ?? '';
const redis = new Redis(url);
afterAll(() => redis.disconnect());

const gateway = fileURLToPath(new URL('./limiter-conformance-process.ts', import.meta.url));

describe('limits that several processes share', () => {
  it('hold to the unit for rates, budgets and concurrency, however many ask at once', async () => {
    const run = promisify(execFile);
    let exceeded = 0;
    const watch = setInterval(() => {
      void Promise.all([
        redis.hmget('penstock:limit:{shared}:key:shared:budget', 'spent', 'reserved'),
        redis.zcard('penstock:limit:{shared}:key:shared:running'),
      ]).then(([ledger, running]) => {
        if (Number(ledger[0]) + Number(ledger[1]) > 100_000 || running > 40) exceeded += 1;
      });
    }, 5);
    const startedAt = performance.now();
    const outputs = await Promise.all(
      Array.from({ length: PROCESSES }, () =>
        run(process.execPath, [gateway, url, String(RUN_MS), String(CONCURRENCY)]),
      ),
    );
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    clearInterval(watch);
    const totals = outputs.map(({ stdout }) => JSON.parse(stdout) as Total);
    const sum = (field: keyof Total): number => totals.reduce((all, total) => all + total[field], 0);

    expect(sum('local')).toBe(0);
    expect(exceeded).toBe(0);
    expect(sum('admitted')).toBeGreaterThan(0);
    expect(sum('admitted')).toBeLessThanOrEqual(50 + 200 * elapsedSeconds);
    // What ran when the last token was taken may exceed by its own estimate, and by no more.
    expect(sum('tokens')).toBeLessThanOrEqual(10_000 + 60_000 * elapsedSeconds);
    expect(sum('cost')).toBeLessThanOrEqual(100_000);
    const [spent, reserved] = await redis.hmget('penstock:limit:{shared}:key:shared:budget', 'spent', 'reserved');
    expect({ spent: Number(spent), reserved: Number(reserved) }).toEqual({ spent: sum('cost'), reserved: 0 });
    expect(await redis.zcard('penstock:limit:{shared}:key:shared:running')).toBe(0);
    process.stdout.write(
      `limits: ${Math.round(sum('calls') / (RUN_MS / 1_000))} decisions/s of 4 charges, ${JSON.stringify(totals)}\n`,
    );
  });
});
