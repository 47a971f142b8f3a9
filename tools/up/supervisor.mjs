import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../bootstrap.mjs';
import { isRunning, startServer, stopChild } from '../services/child.mjs';
import { waitForPort } from '../services/ports.mjs';
import { Problem } from '../services/problem.mjs';

/** Starts servers, watches them, and stops them in reverse order. `onDeath(problem)` is called once, for the first one to end. */
export class Supervisor {
  #servers = [];
  #stopping = false;
  #logs;
  #onDeath;

  constructor({ logs, onDeath }) {
    this.#logs = logs;
    this.#onDeath = onDeath;
  }

  /** Takes over a server that already runs. */
  adopt(name, { child, logFile, stop }, title = name) {
    this.#servers.push({ name, child, stop });
    const ended = (code, signal) => {
      if (this.#stopping) return;
      this.#onDeath(
        new Problem(`The ${title} ended unexpectedly (${signal ?? `exit code ${code}`}).${logTail(logFile)}`),
      );
    };
    if (isRunning(child)) child.once('exit', ended);
    else ended(child.exitCode, child.signalCode);
  }

  /** Starts one application and resolves when it is ready. */
  async start({ name, title, script, env, port, readyUrl, stopTimeoutMs }) {
    const file = path.join(root, script);
    if (!fs.existsSync(file)) throw new Problem(`The ${title} cannot start: ${script} is missing.`);
    const logFile = path.join(this.#logs, `${title.replaceAll(' ', '-')}.log`);
    if (fs.existsSync(logFile)) fs.renameSync(logFile, logFile.replace(/log$/, 'previous.log'));
    const child = startServer(process.execPath, [file], { cwd: root, logFile, env: { ...process.env, ...env } });
    const stop = () => stopChild(child, { timeoutMs: stopTimeoutMs ?? 15_000 });
    this.adopt(name, { child, logFile, stop }, title);
    try {
      if (port) await waitForPort(port, { child, owner: `The ${title}`, timeoutMs: 30_000 });
      if (readyUrl) await waitForAnswer(readyUrl, { child, title });
    } catch (error) {
      throw new Problem(`${error.message}${logTail(logFile)}`, { cause: error });
    }
  }

  /** Process ids by server, with the processes that a server has started itself. */
  pids() {
    const pids = {};
    for (const { name, child } of this.#servers) {
      // Postgres' own processes come and go; its first one stands for them.
      pids[name] = name === 'postgres' ? [child.pid] : [child.pid, ...descendants(child.pid)];
    }
    return pids;
  }

  async stopAll() {
    this.#stopping = true;
    for (const server of this.#servers.toReversed()) await server.stop();
  }
}

/** Polls until the URL answers 200. */
export async function waitForAnswer(url, { child, title, timeoutMs = 60_000 }) {
  const deadline = Date.now() + timeoutMs;
  let last = 'no answer';
  for (;;) {
    if (child && !isRunning(child)) throw new Problem(`The ${title} ended before it was ready.`);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
      await response.body?.cancel();
      if (response.status === 200) return;
      last = `status ${response.status}`;
    } catch (error) {
      last = error.cause?.code ?? error.message;
    }
    if (Date.now() > deadline)
      throw new Problem(`The ${title} was not ready within ${timeoutMs / 1000} s (${url}: ${last}).`);
    await delay(50);
  }
}

function descendants(pid) {
  if (process.platform !== 'linux') return [];
  try {
    const children = fs
      .readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return []; // it ended meanwhile
  }
}

function logTail(file, lines = 20) {
  if (!file || !fs.existsSync(file)) return '';
  const text = fs.readFileSync(file, 'utf8').trimEnd();
  return text
    ? `\nIts log (${file}) ends with:\n${text.split('\n').slice(-lines).join('\n')}`
    : `\nIts log is ${file}.`;
}
