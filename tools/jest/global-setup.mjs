import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres, runSql } from '../services/postgres.mjs';
import { redisBinary } from '../services/redis-binary.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const templateDatabase = 'penstock_template';

/** Starts a throwaway Postgres, migrates the database that every test file gets a copy of, and finds the Redis server. */
export default async function globalSetup() {
  if (globalThis.penstockServices) return; // several projects name this file; it runs for each of them
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-test-'));
  const binary = redisBinary({ cacheDir: path.join(root, '.penstock/cache') });
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), durable: false });
  globalThis.penstockServices = { dir, postgres };
  try {
    await runSql(postgres.url('postgres'), `create database ${templateDatabase}`);
    migrate(postgres.url(templateDatabase));
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  process.env.TEST_PG_URL = postgres.url('postgres');
  process.env.TEST_PG_TEMPLATE = templateDatabase;
  process.env.TEST_REDIS_BINARY = JSON.stringify(binary);
}

function migrate(url) {
  if (!fs.existsSync(path.join(root, 'prisma/migrations'))) return;
  const prisma = path.join(root, 'node_modules/prisma/build/index.js');
  try {
    execFileSync(process.execPath, [prisma, 'migrate', 'deploy'], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: url },
      stdio: 'pipe',
      encoding: 'utf8',
      timeout: 120_000,
    });
  } catch (error) {
    throw new Error(
      `The migrations could not be applied to the test database:\n${error.stdout ?? ''}${error.stderr ?? ''}`,
      {
        cause: error,
      },
    );
  }
}
