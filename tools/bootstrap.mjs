// Runs on Node 20 with nothing installed: installs the packages, then continues under the Node that the packages pin.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from './services/problem.mjs';

/** The repository's root folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const binaries = path.join(root, 'node_modules/.bin');
const lock = path.join(root, 'package-lock.json');
const stamp = path.join(root, 'node_modules/.penstock-lock'); // goes with the folder that it describes
const oldestUsable = 24;

/**
 * Makes sure that packages and the pinned Node are there and that `script` runs on it; then calls `main`. Otherwise runs
 * `script` again with the right Node and ends with its exit code.
 */
export async function bootstrap(script, say, main) {
  try {
    installPackages(say);
    const pinned = pinnedNode();
    if (process.execPath !== pinned && !process.env.PENSTOCK_PINNED_NODE) return await runAgain(pinned, script);
    await main();
  } catch (error) {
    fail(error);
  }
}

/** Ends with code 1; a problem that the user can act on is shown as its one sentence. */
export function fail(error) {
  console.error(error instanceof Problem ? `\n${error.message}` : error);
  process.exit(1);
}

function installPackages(say) {
  if (lockHash() === installedHash() || packagesMatchLock()) return;
  say('installing packages (npm ci); this takes about a minute the first time');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0)
    throw new Problem('The packages could not be installed: npm ci failed (its reason stands above).');
  fs.writeFileSync(stamp, lockHash());
  say('packages installed');
}

const lockHash = () => createHash('sha256').update(fs.readFileSync(lock)).digest('hex');
const installedHash = () => (fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : undefined);

// Somebody may have run npm ci by hand; npm lists what it installed in node_modules/.package-lock.json when it has finished.
function packagesMatchLock() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (!fs.existsSync(installed)) return false;
  const wanted = readPackages(lock);
  const present = readPackages(installed);
  return Object.entries(wanted).every(([location, entry]) => {
    if (!location.includes('node_modules/') || entry.optional || entry.extraneous) return true;
    return present[location]?.version === entry.version && (entry.link !== true || present[location]?.link === true);
  });
}

const readPackages = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages ?? {};

function pinnedNode() {
  const node = path.join(binaries, 'node');
  if (fs.existsSync(node)) return fs.realpathSync(node);
  if (Number(process.versions.node.split('.')[0]) >= oldestUsable) return process.execPath;
  throw new Problem(
    `npm has no Node for ${process.platform}-${process.arch}; install Node ${oldestUsable} or newer and start again.`,
  );
}

function runAgain(node, script) {
  const env = {
    ...process.env,
    PENSTOCK_PINNED_NODE: '1',
    PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`,
  };
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to both of us; one from elsewhere reaches only this process and is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? (signal ? 1 : 0);
      resolve();
    });
  });
}
