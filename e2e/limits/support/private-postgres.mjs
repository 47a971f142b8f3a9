import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../../tools/services/postgres.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const START_ATTEMPTS = 20;

/** A migrated Postgres of a test's own, to be killed and started again; its data is safe on disk. See `private-postgres.d.mts`. */
export async function startPrivatePostgres() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-postgres-'));
  // The account that runs it must be able to reach its data.
  fs.chmodSync(directory, 0o755);
  const dir = path.join(directory, 'data');
  let server = await startPostgres({ dir });
  const { port } = server;
  const url = server.url('postgres');
  const kill9 = async () => {
    const ended = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await ended;
  };
  const dispose = async () => {
    await server.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  };
  try {
    migrate(url);
  } catch (error) {
    await dispose();
    throw error;
  }
  const start = async () => void (server = await startAgain({ dir, port }));
  return { url, kill9, start, dispose };
}

/** Processes of the killed server hold its memory for a moment; until they are gone, another one refuses to start. */
async function startAgain(options) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startPostgres(options);
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

function migrate(url) {
  const prisma = path.join(root, 'node_modules/prisma/build/index.js');
  const env = { ...process.env, DATABASE_URL: url };
  execFileSync(process.execPath, [prisma, 'migrate', 'deploy'], { cwd: root, env, stdio: 'pipe', timeout: 120_000 });
}
