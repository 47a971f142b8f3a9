import type { Redis } from 'ioredis';
import type { Clock } from './clock.ts';

/**
 * For tests: a connection whose scripts take the time from a clock instead of from Redis. The server must not know the scripts
 * themselves, since it is given others; and the clock must be ahead of the real one, since keys expire by that.
 */
export function timedRedis(redis: Redis, clock: Clock): Redis {
  const evaluate = (source: string, ...rest: [number, ...(string | number)[]]): Promise<unknown> => {
    const nowMs = clock.now();
    const time = `{ '${Math.floor(nowMs / 1_000)}', '${(nowMs % 1_000) * 1_000}' }`;
    return redis.eval(source.replace("redis.call('TIME')", time), ...rest);
  };
  return new Proxy(redis, {
    get: (target, name) => {
      if (name === 'eval') return evaluate;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
