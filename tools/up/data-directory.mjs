import fs from 'node:fs';
import path from 'node:path';
import { isAlive } from '../services/child.mjs';
import { Problem } from '../services/problem.mjs';

const stateFile = 'up.pid';
/** In the folder for logs: what `npm run up --detach` says. It is written to before the folder is claimed, and read by who started it. */
export const detachedLog = 'up.log';
const contents = ['postgres', 'postgres.log', 'redis', 'redis.log', 'gateway', 'secrets.json', 'ready.json', stateFile];

/**
 * Makes the data folder, checks that it can be written, and claims it for this process. Returns whether an earlier run was
 * cut off without stopping its servers: they are just ending then.
 */
export function claimDataDirectory(data, { reset }) {
  const owner = runningOwner(data);
  if (owner && owner !== process.pid) {
    throw new Problem(
      `Penstock already runs on ${data} (process ${owner}); stop it with "npm run down", or start another with --data and --port-offset.`,
    );
  }
  const cutOff = fs.existsSync(path.join(data, stateFile));
  try {
    if (reset) forget(data);
    makeFolder(path.join(data, 'logs'));
    fs.writeFileSync(path.join(data, stateFile), String(process.pid), { mode: 0o600 });
    fs.rmSync(path.join(data, 'ready.json'), { force: true });
  } catch (error) {
    throw notWritable(data, error);
  }
  return { cutOff };
}

function forget(data) {
  for (const name of contents) fs.rmSync(path.join(data, name), { recursive: true, force: true });
  const logs = path.join(data, 'logs');
  if (!fs.existsSync(logs)) return;
  for (const name of fs.readdirSync(logs)) {
    if (name !== detachedLog) fs.rmSync(path.join(logs, name), { recursive: true, force: true });
  }
}

/** Makes the folder for logs and returns its path. */
export function makeLogFolder(data) {
  const logs = path.join(data, 'logs');
  try {
    makeFolder(logs);
  } catch (error) {
    throw notWritable(data, error);
  }
  return logs;
}

const notWritable = (data, { code }) =>
  new Problem(`The data folder ${data} cannot be written (${code}); choose another with --data DIR.`);

// Level by level: Node's recursive form never returns where the file system answers ENOENT, as /proc does.
function makeFolder(folder) {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder, { mode: 0o700 });
}

/** Gives the data folder up again. */
export function releaseDataDirectory(data) {
  for (const name of [stateFile, 'ready.json']) fs.rmSync(path.join(data, name), { force: true });
}

/** Process id of the `npm run up` that holds this folder; undefined when none does. */
export function runningOwner(data) {
  const file = path.join(data, stateFile);
  if (!fs.existsSync(file)) return undefined;
  const pid = Number(fs.readFileSync(file, 'utf8'));
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) && isUp(pid) ? pid : undefined;
}

// After a crash the process id may belong to another program.
function isUp(pid) {
  if (process.platform !== 'linux') return true;
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('up.mjs');
  } catch {
    return false; // it ended meanwhile
  }
}
