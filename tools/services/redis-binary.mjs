import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './problem.mjs';

const names = ['redis-server', 'valkey-server'];
const advice = {
  linux: 'sudo apt-get install -y redis-server',
  darwin: 'brew install redis',
};

/**
 * Finds a Redis server: REDIS_SERVER_BIN, the PATH, or the system's packages (installed as root; unpacked below
 * `cacheDir` without root, for Debian and its relatives).
 * @returns {{ command: string, env: Record<string, string> }}
 */
export function redisBinary({ cacheDir, say = () => {} }) {
  if (process.env.REDIS_SERVER_BIN) return { command: process.env.REDIS_SERVER_BIN, env: {} };
  return onPath() ?? unpacked(cacheDir) ?? install(cacheDir, say) ?? missing();
}

function onPath() {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of names) {
      const command = path.join(folder, name);
      if (folder && isExecutable(command)) return { command, env: {} };
    }
  }
  return undefined;
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function install(cacheDir, say) {
  if (process.platform !== 'linux' || !hasApt()) return undefined;
  if (process.getuid?.() === 0) {
    say('installing redis-server with apt-get');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], { env, stdio: 'ignore' });
    const found = onPath();
    if (found) return found;
  }
  say('unpacking the redis-server package beside the project');
  return unpack(cacheDir);
}

const hasApt = () => spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;

// Debian's redis-tools package holds the server under the name redis-check-rdb: one program, told apart by its name.
const unpackScript = `
mkdir -p apt/lists/partial apt/cache/archives/partial
options="-o Dir::State::lists=$PWD/apt/lists -o Dir::Cache=$PWD/apt/cache -o Debug::NoLocking=1"
apt-get $options update -qq
apt-get $options download -qq redis-tools libjemalloc2 liblzf1 libatomic1
for package in *.deb; do dpkg -x "$package" .; done
ln -sf redis-check-rdb usr/bin/redis-server
rm -rf apt ./*.deb`;

function unpack(cacheDir) {
  const root = path.join(cacheDir, 'redis');
  fs.mkdirSync(root, { recursive: true });
  spawnSync('bash', ['-ec', unpackScript], { cwd: root, stdio: 'ignore' });
  return unpacked(cacheDir);
}

function unpacked(cacheDir) {
  const root = path.join(cacheDir, 'redis', 'usr');
  const triple = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
  const command = path.join(root, 'bin', 'redis-server');
  if (!isExecutable(command)) return undefined;
  return { command, env: { LD_LIBRARY_PATH: path.join(root, 'lib', triple ?? '') } };
}

function missing() {
  const command = advice[process.platform] ?? 'install Redis 7 or newer';
  throw new Problem(
    `Redis is missing and could not be installed; run "${command}", or set REDIS_URL to a Redis of your own.`,
  );
}
