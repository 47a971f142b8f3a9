import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../bootstrap.mjs';
import { Problem } from '../services/problem.mjs';
import { runCommand } from '../services/run-command.mjs';

const prisma = path.join(root, 'node_modules/prisma/build/index.js');
const nx = path.join(root, 'node_modules/nx/dist/bin/nx.js');

/** Brings the database to the newest migration. */
export async function migrate(databaseUrl) {
  if (!fs.existsSync(path.join(root, 'prisma/migrations')))
    throw new Problem('prisma/migrations is missing; this clone is incomplete.');
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const { code, output } = await runCommand(process.execPath, [prisma, 'migrate', 'deploy'], {
    cwd: root,
    env,
    timeoutMs: 300_000,
  });
  if (code !== 0) throw new Problem(`The database could not be migrated:\n${tail(output)}`);
}

/** Builds what must be built (generated clients, control plane, console); Nx skips what has not changed. */
export async function build() {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
  const args = [nx, 'run-many', '-t', 'build', '--output-style=static'];
  const { code, output } = await runCommand(process.execPath, args, { cwd: root, env, timeoutMs: 600_000 });
  if (code !== 0) throw new Problem(`The build failed:\n${tail(output, 40)}`);
}

const tail = (text, lines = 15) => stripVTControlCharacters(text).trimEnd().split('\n').slice(-lines).join('\n');
