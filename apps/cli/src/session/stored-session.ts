import { readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';

const Session = z.object({ server: z.string(), token: z.string().min(1) });
/** What `penstock login` keeps. The token is for this server alone. */
export type StoredSession = z.infer<typeof Session>;

type Env = CliIo['env'];

/** `$XDG_CONFIG_HOME/penstock/config.json`, or the same below `~/.config`. */
export function sessionFile(env: Env): string {
  const given = env['XDG_CONFIG_HOME'];
  // The XDG specification has relative paths ignored.
  const folder = given && path.isAbsolute(given) ? given : path.join(env['HOME'] ?? os.homedir(), '.config');
  return path.join(folder, 'penstock', 'config.json');
}

/** What was stored; undefined before the first login. Throws the `CliError` for a file that is damaged or cannot be read. */
export function readSession(env: Env): StoredSession | undefined {
  const file = sessionFile(env);
  try {
    return Session.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError(`${file} cannot be read; log in again, or delete it.`);
  }
}

/** Keeps it where only this user can read it. Gives the file's path. */
export async function writeSession(env: Env, session: StoredSession): Promise<string> {
  const file = sessionFile(env);
  const unfinished = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(unfinished, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
    await chmod(unfinished, 0o600);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new CliError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return file;
}

/** Whether there was one to forget. */
export async function forgetSession(env: Env): Promise<boolean> {
  const isThere = readSession(env) !== undefined;
  await rm(sessionFile(env), { force: true });
  return isThere;
}
