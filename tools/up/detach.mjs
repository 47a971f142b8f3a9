import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../services/child.mjs';
import { detachedLog, makeLogFolder } from './data-directory.mjs';
import { Problem } from '../services/problem.mjs';

/** Runs `script` in the background, shows what it says until it is ready, and returns. */
export async function runDetached(script, options) {
  const logFile = path.join(makeLogFolder(options.data), detachedLog);
  const log = fs.openSync(logFile, 'w', 0o600);
  const args = process.argv.slice(2).filter((argument) => argument !== '--detach');
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', log, log], detached: true });
  fs.closeSync(log);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
  const text = await follow(logFile, child);
  if (!isRunning(child) && !/^ready \{/m.test(text))
    throw new Problem('Penstock did not start; the reason stands above.');
  child.unref();
}

// Shows the log as it grows, until the ready line is complete or the process has ended.
async function follow(logFile, child) {
  let shown = 0;
  for (;;) {
    const ended = !isRunning(child);
    const text = fs.readFileSync(logFile, 'utf8');
    process.stdout.write(text.slice(shown));
    shown = text.length;
    if (ended || /^ready \{.*\}\n/m.test(text)) return text;
    await delay(100);
  }
}
