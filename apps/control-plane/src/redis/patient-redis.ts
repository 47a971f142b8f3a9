import type { Logger } from '@penstock/telemetry';
import { Redis } from 'ioredis';

/** A connection for background work: it waits for Redis as long as it takes, and says once when it is lost. */
export function createPatientRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    // In RESP3 a read of a stream is a map, which the driver flattens into another shape.
    protocol: 2,
    maxRetriesPerRequest: 1,
    connectTimeout: 2_000,
    keepAlive: 10_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  let lost = false;
  redis.on('error', (error) => {
    if (!lost) logger.warn({ err: error }, 'Redis cannot be reached');
    lost = true;
  });
  redis.on('ready', () => {
    lost = false;
  });
  return redis;
}
