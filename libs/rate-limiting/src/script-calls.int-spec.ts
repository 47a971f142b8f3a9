import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { limitScripts } from './limit-scripts.ts';
import { applicableLimit } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
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
    const late: (readonly number[])[] = [];
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
});
