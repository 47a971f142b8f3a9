import { execFile } from 'node:child_process';
import path from 'node:path';
import type { Platform } from './platform.ts';

const MAIN = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts');

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** What a command runs with beyond its arguments. */
export interface CommandOptions {
  /** Laid over the environment; an empty text takes a variable away. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input. */
  readonly input?: string;
}

/** Runs the command line in a process of its own against the running control plane. */
export function runPenstock(
  { ready }: Platform,
  args: readonly string[],
  { env = {}, input = '' }: CommandOptions = {},
): Promise<Ended> {
  const own = { PENSTOCK_SERVER: ready.controlPlane, PENSTOCK_TOKEN: ready.adminToken };
  const options = { env: { ...process.env, ...own, ...env }, maxBuffer: 32 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [MAIN, ...args], options, (error, out, said) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, out, said });
      else reject(error ?? new Error('the process ended without a code'));
    });
    child.stdin?.end(input);
  });
}
