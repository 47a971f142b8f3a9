import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const installed = path.resolve(import.meta.dirname, '../../../.penstock/clients/node_modules');

export interface AgentRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Where `npm run e2e:clients` has installed a command. */
export const agentCommand = (name: string): string => path.join(installed, '.bin', name);

/** A fresh home and working directory for an agent; `remove` deletes them. */
export function agentHome(): { readonly home: string; readonly remove: () => void } {
  const home = mkdtempSync(path.join(tmpdir(), 'penstock-agent-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Runs an agent as a user would, with nothing of this machine's environment but the path. It must end by itself. */
export function runAgent(
  command: readonly [string, ...string[]],
  where: { readonly home: string; readonly env: Readonly<Record<string, string>>; readonly timeoutMs?: number },
): Promise<AgentRun> {
  const [file, ...args] = command;
  const env = { PATH: process.env['PATH'] ?? '', HOME: where.home, TERM: 'dumb', ...where.env };
  const child = spawn(file, args, { cwd: where.home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), where.timeoutMs ?? 90_000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output, errors });
    });
  });
}
