import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, isRunning, startServer, stopChild, stopPid } from './child.mjs';
import { freePort, requireFreePort } from './ports.mjs';
import { postgresBinaries, withoutRoot } from './postgres-binaries.mjs';
import { Problem } from './problem.mjs';

const user = 'penstock';
const password = 'penstock'; // reachable from this machine's loopback only
const notReadyYet = new Set(['57P03', 'ECONNREFUSED', 'ECONNRESET']);

/**
 * Starts Postgres on 127.0.0.1 over the data folder `dir`, which is made when missing.
 * `durable: false` (throwaway) trades crash safety for speed. Log: `<dir>.log`.
 */
export async function startPostgres({ dir, port, durable = true }) {
  const account = withoutRoot();
  const bin = postgresBinaries();
  if (!fs.existsSync(path.join(dir, 'PG_VERSION'))) createCluster(bin, dir, account);
  await releaseDataFolder(dir);
  const listenPort = port ?? (await freePort());
  await requireFreePort(listenPort, 'Postgres');
  const logFile = `${dir}.log`;
  const [command, args] = account.wrap(path.join(bin, 'postgres'), serverArguments(dir, listenPort, durable));
  const child = startServer(command, args, { ...account.options, logFile, stopSignal: 'SIGINT' });
  const url = (database) => `postgresql://${user}:${password}@127.0.0.1:${listenPort}/${database}`;
  await waitUntilReady(url('postgres'), child, logFile);
  return { port: listenPort, child, logFile, url, stop: () => stopChild(child, { signal: 'SIGINT' }) };
}

function serverArguments(dir, port, durable) {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  // The defaults are those of a machine of long ago: usage comes in by the million.
  settings.push('shared_buffers=512MB', 'max_wal_size=4GB', 'checkpoint_timeout=15min');
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return ['-D', dir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
}

function createCluster(bin, dir, account) {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (account.owner) fs.chownSync(dir, account.owner, account.owner);
  const secrets = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-initdb-'));
  const passwordFile = path.join(secrets, 'password');
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.owner) for (const file of [secrets, passwordFile]) fs.chownSync(file, account.owner, account.owner);
  const access = ['-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const initdb = ['-D', dir, ...access, '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  const [command, args] = account.wrap(path.join(bin, 'initdb'), initdb);
  const result = spawnSync(command, args, { ...account.options, encoding: 'utf8' });
  fs.rmSync(secrets, { recursive: true, force: true });
  if (result.status === 0) return;
  const reason = result.error?.message ?? lastLine(result.stderr);
  throw new Problem(`Postgres could not create its data folder ${dir}: ${reason}`);
}

// A server that outlived an earlier run still owns the folder: stop it. A lock file without its server is removed, because
// after a reboot its process id may belong to somebody else and Postgres would then refuse to start.
async function releaseDataFolder(dir) {
  const lock = path.join(dir, 'postmaster.pid');
  if (!fs.existsSync(lock)) return;
  const pid = Number(fs.readFileSync(lock, 'utf8').split('\n')[0]);
  if (pid > 1 && isAlive(pid) && commandLine(pid).includes(dir)) await stopPid(pid, { signal: 'SIGINT' });
  fs.rmSync(lock, { force: true });
}

function commandLine(pid) {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it ended meanwhile
  }
}

async function waitUntilReady(url, child, logFile, timeoutMs = 60_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (!isRunning(child)) throw new Problem(`Postgres did not start: ${logReason(logFile)} (log: ${logFile})`);
    try {
      await runSql(url, 'select 1');
      return;
    } catch (error) {
      if (!notReadyYet.has(error.code) || Date.now() > deadline) {
        await stopChild(child, { signal: 'SIGINT' });
        throw new Problem(`Postgres does not answer: ${error.message} (log: ${logFile})`, { cause: error });
      }
      await delay(25);
    }
  }
}

function logReason(logFile) {
  const lines = fs.readFileSync(logFile, 'utf8').trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC|could not/.test(line)) ?? lines.at(-1) ?? 'no reason given';
}

const lastLine = (text) => text?.trim().split('\n').at(-1) ?? 'no reason given';

/** Runs one statement on a connection of its own. */
export async function runSql(url, statement, values) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // a server that goes away also rejects the query below
  try {
    await client.connect();
    return await client.query(statement, values);
  } finally {
    await client.end().catch(() => {});
  }
}
