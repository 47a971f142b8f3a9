import crypto from 'node:crypto';
import { TestEnvironment } from 'jest-environment-node';
import { runSql } from '../services/postgres.mjs';
import { startRedis } from '../services/redis.mjs';

/**
 * Gives every test file a database of its own (a copy of the migrated template) as DATABASE_URL, and a Redis server of its
 * own as REDIS_URL: key prefixes or numbered databases would still share pub/sub, scripts and FLUSHALL.
 */
export default class ServicesEnvironment extends TestEnvironment {
  #redis;

  async setup() {
    await super.setup();
    const { TEST_PG_URL, TEST_PG_TEMPLATE, TEST_REDIS_BINARY } = process.env;
    if (!TEST_PG_URL || !TEST_REDIS_BINARY)
      throw new Error('Postgres and Redis for tests are missing: the global setup did not run.');
    const database = `t_${crypto.randomUUID().replaceAll('-', '')}`;
    const [redis] = await Promise.all([
      startRedis({ binary: JSON.parse(TEST_REDIS_BINARY) }),
      runSql(TEST_PG_URL, `create database ${database} template ${TEST_PG_TEMPLATE}`),
    ]);
    this.#redis = redis;
    const url = new URL(TEST_PG_URL);
    url.pathname = `/${database}`;
    Object.assign(this.global.process.env, { DATABASE_URL: url.href, REDIS_URL: redis.url, LOG_LEVEL: 'silent' });
  }

  async teardown() {
    await this.#redis?.stop();
    await super.teardown();
  }
}
