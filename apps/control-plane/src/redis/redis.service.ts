import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { AppLogger } from '../telemetry/app-logger.ts';

/** The one Redis connection of the API: commands fail within a second instead of queueing while Redis is away. */
@Injectable()
export class RedisService implements OnApplicationShutdown {
  readonly client: Redis;

  constructor(@Inject(CONFIG) config: ControlPlaneConfig, logger: AppLogger) {
    this.client = createRedis(config.redisUrl);
    let down = false;
    this.client.on('error', (error) => {
      if (!down) logger.warn('Redis cannot be reached', error);
      down = true;
    });
    this.client.on('ready', () => {
      down = false;
    });
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }
}

/** A connection that is opened by its first command and reopened for ever; each command fails after a second. */
export function createRedis(url: string): Redis {
  return new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
}
