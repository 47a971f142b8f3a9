import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
/** Where the libraries of each folder of `e2e` are installed. */
const FOLDERS = { clients: '.penstock/python-clients', agents: '.penstock/clients-python' };
const aptOptions = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };

/**
 * The Python that has the client libraries of a folder of `e2e` at their pinned versions; made below `.penstock/` the first time.
 * @throws naming the one command to run when there is no Python and it cannot be installed
 */
export async function pythonWithClients(suite: keyof typeof FOLDERS): Promise<string> {
  const requirements = path.join(root, 'e2e', suite, 'python/requirements.txt');
  const folder = path.join(root, FOLDERS[suite]);
  const stamp = path.join(folder, '.requirements');
  const python = path.join(folder, 'bin/python');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  await requirePython();
  await run('python3', ['-m', 'venv', '--clear', folder]);
  const quiet = ['--quiet', '--disable-pip-version-check'];
  await run(python, ['-m', 'pip', 'install', ...quiet, '-r', requirements]);
  writeFileSync(stamp, wanted);
  return python;
}

async function requirePython(): Promise<void> {
  if (await hasPython()) return;
  if (process.getuid?.() === 0 && (await succeeds('apt-get', ['--version']))) {
    await run('apt-get', ['update', '-qq'], aptOptions);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'], aptOptions);
  }
  if (await hasPython()) return;
  throw new Error('Python 3.10 or newer with venv is missing; run "sudo apt-get install -y python3 python3-venv".');
}

const probe = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
const hasPython = (): Promise<boolean> => succeeds('python3', ['-c', probe]);

const succeeds = (command: string, args: string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  );
