import path from 'node:path';
import net from 'node:net';
import { root } from '../bootstrap.mjs';
import { runSql, startPostgres } from '../services/postgres.mjs';
import { Problem } from '../services/problem.mjs';
import { redisBinary } from '../services/redis-binary.mjs';
import { startRedis } from '../services/redis.mjs';

const database = 'penstock';

/**
 * Postgres and Redis: those that DATABASE_URL and REDIS_URL name, else our own over the data folder.
 * `started` is called with each server as soon as it runs, so that it is stopped whatever happens next.
 * @returns {Promise<{ databaseUrl: string, redisUrl: string }>}
 */
export async function provideStorage({ data, ports, say, started }) {
  const [databaseUrl, redisUrl] = await Promise.all([
    process.env.DATABASE_URL ? checkDatabase(process.env.DATABASE_URL) : embeddedPostgres(data, ports, started),
    process.env.REDIS_URL ? checkRedis(process.env.REDIS_URL) : embeddedRedis(data, ports, { say, started }),
  ]);
  return { databaseUrl, redisUrl };
}

async function embeddedPostgres(data, ports, started) {
  const server = await startPostgres({ dir: path.join(data, 'postgres'), port: ports.postgres });
  started('postgres', server);
  const admin = server.url('postgres');
  const { rowCount } = await runSql(admin, 'select 1 from pg_database where datname = $1', [database]);
  if (rowCount === 0) await runSql(admin, `create database ${database}`);
  return server.url(database);
}

async function embeddedRedis(data, ports, { say, started }) {
  const binary = redisBinary({ cacheDir: path.join(root, '.penstock/cache'), say });
  const server = await startRedis({ binary, dir: path.join(data, 'redis'), port: ports.redis });
  started('redis', server);
  return server.url;
}

async function checkDatabase(url) {
  try {
    await runSql(url, 'select 1');
  } catch (error) {
    const missingDatabase = error.code === '3D000'; // the migrations create it
    if (!missingDatabase) throw new Problem(`The database that DATABASE_URL names does not answer: ${reason(error)}.`);
  }
  return url;
}

async function checkRedis(url) {
  const { hostname, port } = parseUrl(url);
  await new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port || 6379), timeout: 5000 });
    socket.once('connect', () => resolve(socket.destroy()));
    socket.once('timeout', () => socket.destroy(Object.assign(new Error('no answer within 5 s'))));
    socket.once('error', (error) =>
      reject(new Problem(`The Redis that REDIS_URL names does not answer: ${reason(error)}.`)),
    );
  });
  return url;
}

function parseUrl(url) {
  try {
    return new URL(url);
  } catch {
    throw new Problem('REDIS_URL is not a URL; it must look like redis://127.0.0.1:6379.');
  }
}

const reason = (error) => error.message || error.code || 'connection refused';
