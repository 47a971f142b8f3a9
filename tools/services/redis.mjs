import fs from 'node:fs';
import path from 'node:path';
import { startServer, stopChild } from './child.mjs';
import { freePort, requireFreePort, waitForPort } from './ports.mjs';
import { Problem } from './problem.mjs';

/**
 * Starts Redis on 127.0.0.1. With `dir` it is persistent (append-only file, log `<dir>.log`), without it holds memory only.
 * `binary` comes from `redisBinary()`.
 */
export async function startRedis({ binary, dir, port }) {
  if (dir) fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const listenPort = port ?? (await freePort());
  await requireFreePort(listenPort, 'Redis');
  const logFile = dir ? `${dir}.log` : undefined;
  const child = startServer(binary.command, redisArguments(listenPort, dir), {
    logFile,
    env: { ...process.env, ...binary.env },
  });
  try {
    await waitForPort(listenPort, { child, owner: 'Redis' });
  } catch (error) {
    await stopChild(child);
    throw new Problem(`Redis did not start: ${reason(logFile) ?? error.message}`, { cause: error });
  }
  return { port: listenPort, child, logFile, url: `redis://127.0.0.1:${listenPort}`, stop: () => stopChild(child) };
}

function redisArguments(port, dir) {
  const persistence = dir ? ['--dir', path.resolve(dir), '--appendonly', 'yes'] : ['--appendonly', 'no'];
  return ['--port', String(port), '--bind', '127.0.0.1', '--daemonize', 'no', '--save', '', ...persistence];
}

function reason(logFile) {
  if (!logFile || !fs.existsSync(logFile)) return undefined;
  const lines = fs.readFileSync(logFile, 'utf8').trim().split('\n');
  return `${lines.findLast((line) => /#|rror|atal/.test(line)) ?? lines.at(-1)} (log: ${logFile})`;
}
