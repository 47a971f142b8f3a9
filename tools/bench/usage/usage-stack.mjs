import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import path from 'node:path';
import { startServer, stopChild } from '../../services/child.mjs';
import { freePort, waitForPort } from '../../services/ports.mjs';
import { runSql, startPostgres } from '../../services/postgres.mjs';
import { redisBinary } from '../../services/redis-binary.mjs';
import { startRedis } from '../../services/redis.mjs';

const root = path.resolve(import.meta.dirname, '../../..');

/** Postgres (durable, as in production), Redis and a control plane; the worker starts when it is asked to. */
export async function startUsageStack(directory, say) {
  build(say);
  say('starting Postgres, Redis and the control plane');
  const redis = await startRedis({
    binary: redisBinary({ cacheDir: directory, say }),
    dir: path.join(directory, 'redis'),
  });
  const postgres = await startPostgres({ dir: path.join(directory, 'postgres') });
  await runSql(postgres.url('postgres'), 'create database penstock');
  const databaseUrl = postgres.url('penstock');
  const [port, controlPlaneOperations, workerOperations] = [await freePort(), await freePort(), await freePort()];
  const adminToken = process.env.PENSTOCK_ADMIN_TOKEN ?? (await newToken());
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    PENSTOCK_MASTER_KEY: crypto.randomBytes(32).toString('base64'),
    PENSTOCK_ADMIN_EMAIL: 'bench@example.com',
    PENSTOCK_ADMIN_PASSWORD: crypto.randomUUID(),
    PENSTOCK_ADMIN_TOKEN: adminToken,
    PENSTOCK_CONTROL_PLANE_PORT: String(port),
    PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT: String(controlPlaneOperations),
    PENSTOCK_WORKER_OPERATIONS_PORT: String(workerOperations),
    PENSTOCK_DATA_DIR: directory,
    LOG_LEVEL: 'warn',
  };
  migrate(env);
  const start = (script) =>
    startServer(process.execPath, [script], {
      cwd: root,
      env,
      logFile: path.join(directory, `${path.basename(script)}.log`),
    });
  const controlPlane = start(path.join(root, 'apps/control-plane/dist/main.js'));
  await waitForPort(port, { child: controlPlane, owner: 'the control plane', timeoutMs: 60_000 });
  const children = [controlPlane];
  return {
    databaseUrl,
    redisUrl: redis.url,
    url: `http://127.0.0.1:${port}/api/v1`,
    adminToken,
    controlPlane,
    async startWorker() {
      const worker = start(path.join(root, 'apps/control-plane/dist/worker.js'));
      children.push(worker);
      await waitForPort(workerOperations, { child: worker, owner: 'the worker', timeoutMs: 60_000 });
      return worker;
    },
    async stop() {
      for (const child of children.toReversed()) await stopChild(child);
      await redis.stop();
      await postgres.stop();
    },
  };
}

async function newToken() {
  const { createAdminToken } = await import('@penstock/secrets');
  return createAdminToken().key;
}

function build(say) {
  say('building the control plane');
  const nx = path.join(root, 'node_modules/nx/dist/bin/nx.js');
  const result = spawnSync(process.execPath, [nx, 'run', 'control-plane:build'], { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`The control plane cannot be built: ${result.stdout}${result.stderr}`);
}

function migrate(env) {
  const prisma = path.join(root, 'node_modules/prisma/build/index.js');
  const result = spawnSync(process.execPath, [prisma, 'migrate', 'deploy'], { cwd: root, env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`The migrations failed: ${result.stderr}`);
}
