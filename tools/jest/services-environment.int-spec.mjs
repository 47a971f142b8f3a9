import { afterAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { runSql } from '../services/postgres.mjs';

const redis = new Redis(process.env.REDIS_URL);
afterAll(() => redis.disconnect());

describe('a test file that needs services', () => {
  it('gets a Postgres database of its own', async () => {
    const { rows } = await runSql(process.env.DATABASE_URL, 'select current_database() as name');
    expect(rows[0].name).toMatch(/^t_[0-9a-f]{32}$/);
  });

  it('gets an empty Redis server of its own', async () => {
    expect(await redis.dbsize()).toBe(0);
    expect(await redis.info('persistence')).toContain('aof_enabled:0');
  });
});
