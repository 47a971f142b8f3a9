import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Starts a server in its own session, so that Ctrl-C in the terminal reaches only us and we stop things in order.
 * A tiny watcher holds a pipe from this process: if we vanish, even by kill -9, the pipe ends and it stops the server.
 */
export function startServer(command, args, { logFile, stopSignal = 'SIGTERM', ...options } = {}) {
  const log = logFile ? fs.openSync(logFile, 'a', 0o600) : 'ignore';
  const child = spawn(command, args, { ...options, stdio: ['ignore', log, log], detached: true });
  if (typeof log === 'number') fs.closeSync(log);
  child.on('error', () => {}); // a failed start shows as a missing pid, which every caller waits on
  if (child.pid) watchOver(child, stopSignal);
  child.unref();
  return child;
}

function watchOver(child, stopSignal) {
  if (process.platform === 'win32') return;
  const script = `while read -r _; do :; done; kill -${stopSignal.slice(3)} ${child.pid} 2>/dev/null`;
  const watcher = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.stdin.unref();
  watcher.unref();
  child.once('exit', () => watcher.kill('SIGKILL'));
}

/** Whether the child has not ended yet. */
export const isRunning = (child) => Boolean(child.pid) && child.exitCode === null && child.signalCode === null;

/** Asks the child to stop and waits; after `timeoutMs` it is killed. */
export async function stopChild(child, { signal = 'SIGTERM', timeoutMs = 10_000 } = {}) {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.ref();
  child.kill(signal);
  const abort = new AbortController();
  const inTime = await Promise.race([
    ended.then(() => true),
    delay(timeoutMs, false, { signal: abort.signal }).catch(() => true),
  ]);
  abort.abort();
  if (inTime) return;
  child.kill('SIGKILL');
  await ended;
}

/** Whether a process with this id exists (also one that belongs to somebody else). */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Stops a process of an earlier run that is not our child; resolves when it is gone. */
export async function stopPid(pid, { signal = 'SIGTERM', timeoutMs = 10_000 } = {}) {
  if (!signalPid(pid, signal)) return;
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid) && Date.now() < deadline) await delay(50);
  if (isAlive(pid)) signalPid(pid, 'SIGKILL');
}

function signalPid(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}
