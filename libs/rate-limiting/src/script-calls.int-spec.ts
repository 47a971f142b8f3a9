import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { limitScripts } from './limit-scripts.ts';
import { applicableLimit } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { reserveInRedis } from './redis-charges.ts';
import { chargeKeys, chargeParameters } from './script-charges.ts';
import { type LateAnswer, ScriptCalls } from './script-calls.ts';
import { DeadlineError } from './with-deadline.ts';

jest.setTimeout(30_000);

describe('calls of scripts', () => {
  let server: PrivateRedis;
  let redis: Redis;

  beforeEach(async () => {
    server = await startPrivateRedis();
    redis = new Redis(server.url, limiterRedisOptions);
    redis.on('error', () => undefined);
    await once(redis, 'ready');
  });
  afterEach(async () => {
    redis.disconnect();
    await server.dispose();
  });

  /** Asks how much of a limit is left: its maximum. */
  function ask(calls: ScriptCalls, max: number, onLate?: LateAnswer): Promise<number | undefined> {
    const charges = [{ applicable: applicableLimit({ unit: 'tokens', window: 'day', max }), amount: 0, actual: 0 }];
    const given = { keys: chargeKeys(charges, Date.now()), parameters: chargeParameters(charges, Date.now()) };
    return calls.run(limitScripts.status, given, onLate).then(([, remaining]) => remaining);
  }

  it('leave together at the end of a turn, and each gets its own answer', async () => {
    const calls = new ScriptCalls({ redis, deadlineMs: 5_000 });
    const sent = jest.spyOn(redis, 'pipeline');
    expect(await Promise.all([3, 1, 2].map((max) => ask(calls, max)))).toEqual([3, 1, 2]);
    expect(sent).toHaveBeenCalledTimes(1);
    expect(await ask(calls, 4)).toBe(4);
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('fail when no answer comes in time, and say what came late, also to a server without the script', async () => {
    const calls = new ScriptCalls({ redis, deadlineMs: 50 });
    const late: Parameters<LateAnswer>[0][] = [];
    await redis.call('CLIENT', 'PAUSE', '300', 'ALL');
    await expect(ask(calls, 7, (reply) => late.push(reply))).rejects.toThrow(DeadlineError);
    expect(late).toEqual([]);
    await waitUntil('the late answer', () => late.length === 1);
    expect(late[0]?.[1]).toBe(7);
  });

  it('fail when the connection is lost', async () => {
    const calls = new ScriptCalls({ redis, deadlineMs: 5_000 });
    const lost = once(redis, 'close');
    await server.stop();
    await lost;
    await expect(Promise.all([ask(calls, 1), ask(calls, 2)])).rejects.toThrow();
  });

  it.each([50, 5_000])(
    'say that no answer will come, when the connection breaks: deadline %d ms',
    async (deadlineMs) => {
      const calls = new ScriptCalls({ redis, deadlineMs });
      const late: Parameters<LateAnswer>[0][] = [];
      await redis.call('CLIENT', 'PAUSE', '60000', 'ALL');
      const asked = expect(ask(calls, 7, (reply) => late.push(reply))).rejects.toThrow();
      await sleep(200);
      expect(late).toEqual([]);
      redis.stream.destroy();
      await asked;
      await waitUntil('the end of the connection', () => late.length > 0);
      expect(late).toEqual([undefined]);
    },
  );

  it('know from an error that Redis answers that nothing happened', async () => {
    const calls = new ScriptCalls({ redis, deadlineMs: 5_000 });
    await redis.config('SET', 'maxmemory', '1');
    const late: Parameters<LateAnswer>[0][] = [];
    const charge = { applicable: applicableLimit({ unit: 'tokens', window: 'day', max: 9 }), amount: 1 };
    const hold = { id: 'one', organizationId: charge.applicable.organizationId, leaseMs: 1_000, nowMs: Date.now() };
    const answer = reserveInRedis(calls, { ...hold, charges: [charge] }, (reply) => late.push(reply));
    await expect(answer).rejects.toThrow('OOM');
    await redis.config('SET', 'maxmemory', '0');
    expect(await redis.keys('penstock:*')).toEqual([]);
    expect(late).toEqual([]);
  });
});
