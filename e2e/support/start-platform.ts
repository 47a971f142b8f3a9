import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePortOffset } from './free-port-offset.ts';
import { findReadyLine, type ReadyDocument, readReadyFile } from './ready-document.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** A first start builds the control plane and the console. */
const START_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 60_000;

/** A Penstock that was started for a test run. */
export interface StartedPlatform {
  readonly ready: ReadyDocument;
  /** Holds the same; what PENSTOCK_READY_FILE must name for others to attach. */
  readonly readyFile: string;
  /** Stops every process and removes the data. */
  stop(): Promise<void>;
}

/**
 * Starts everything through `npm run up`'s script on a fresh data folder and free ports.
 * @throws with the output so far when it ends or does not get ready
 */
export async function startPlatform(environment: NodeJS.ProcessEnv = process.env): Promise<StartedPlatform> {
  const data = mkdtempSync(path.join(tmpdir(), 'penstock-e2e-'));
  const offset = await freePortOffset();
  const args = ['tools/up.mjs', '--data', data, '--port-offset', String(offset)];
  // Redis is never lost here, and not taken for lost because the machine is busy.
  const env = { ...ownEnvironment(environment), PENSTOCK_LIMITER_DEADLINE_MS: '2000' };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    clearTimeout(insist);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const ready = await untilReady(() => output, ended);
    return { ready, readyFile: path.join(data, 'ready.json'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Tests bring their own services, and must never meet those of the person who runs them, nor that person's secrets. */
function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign =
    /^(DATABASE_URL|REDIS_URL|NODE_OPTIONS|PENSTOCK_(?!PINNED_NODE$).*|(OPENAI|ANTHROPIC|GEMINI|MISTRAL)_API_KEY)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name)));
}

async function untilReady(output: () => string, ended: Promise<unknown>): Promise<ReadyDocument> {
  let over = false;
  void ended.then(() => (over = true));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const ready = findReadyLine(output());
    if (ready) return ready;
    if (over || Date.now() > deadline) throw new Error(`Penstock did not start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Attaches to the Penstock that PENSTOCK_READY_FILE names, or starts one; stopping leaves an attached one alone. */
export async function attachOrStart(): Promise<StartedPlatform> {
  const readyFile = process.env['PENSTOCK_READY_FILE'];
  if (!readyFile) return startPlatform();
  return { ready: readReadyFile(readyFile), readyFile, stop: async () => {} };
}
