import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { waitUntil } from '@penstock/testing';

const root = path.resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 30_000;

export interface ServerDefinition {
  readonly name: string;
  /** Below the repository's root. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once the server runs. */
  readonly healthUrl: string;
  readonly logFile: string;
}

/** One server of the product that a test kills and starts again; it keeps its environment, its ports and its data. */
export class ServerProcess {
  readonly #definition: ServerDefinition;
  #child: ChildProcess | undefined;

  constructor(definition: ServerDefinition) {
    this.#definition = definition;
    // Whatever becomes of the test run, nothing stays behind.
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  /** Resolves when it answers. @throws with its log when it ends before that */
  async start(): Promise<void> {
    const { name, script, env, healthUrl, logFile } = this.#definition;
    const log = openSync(logFile, 'a');
    const { PATH, HOME } = process.env;
    // Nothing of the environment of the person who runs the tests.
    const child = spawn(process.execPath, [path.join(root, script)], {
      cwd: root,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    const isUp = async (): Promise<boolean> => {
      if (child.exitCode !== null) return true;
      return (await fetch(healthUrl, { signal: AbortSignal.timeout(2_000) })).ok;
    };
    await waitUntil(`${name} to answer`, isUp, { timeoutMs: START_TIMEOUT_MS, intervalMs: 50 });
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${readFileSync(logFile, 'utf8')}`);
  }

  /** Ends it in good order. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** `kill -9`: nothing is written or sent any more. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
