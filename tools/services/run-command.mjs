import { spawn } from 'node:child_process';

const graceMs = 20_000; // Playwright stops the whole product

/**
 * Runs a command to its end and returns its exit code and what it wrote; with `onOutput` the text is also passed on as it
 * comes. After `timeoutMs`, as soon as the output matches `endWhen`, or when we are interrupted, the command and its
 * children are asked to end, then killed. The code is 124 after a timeout.
 */
export function runCommand(command, args, { timeoutMs = 600_000, onOutput, endWhen, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    let late = false;
    const take = (chunk) => {
      output += chunk;
      onOutput?.(chunk);
      if (endWhen?.test(chunk)) interrupt();
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
    let killer;
    const interrupt = () => {
      signalGroup(child.pid, 'SIGTERM');
      killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
    };
    const timer = setTimeout(() => {
      late = true;
      interrupt();
    }, timeoutMs);
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
    const finish = (code) => {
      clearTimeout(timer);
      clearTimeout(killer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.removeListener(signal, interrupt);
      resolve({ code: late ? 124 : code, output });
    };
    child.once('error', (error) => {
      take(`${error.message}\n`);
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 1));
  });
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
