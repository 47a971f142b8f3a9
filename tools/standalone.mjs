// `npm run gateway:standalone`: the gateway alone in front of one vLLM, configured by the environment and `.env` only.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, root } from './bootstrap.mjs';

const script = fileURLToPath(import.meta.url);

await bootstrap(script, (text) => console.error(text), start);

/** Runs the gateway in a process of its own with the same signals and the same end. */
function start() {
  const env = { ...readEnvFile(path.resolve('.env')), ...process.env };
  const gateway = path.join(root, 'apps/gateway/src/standalone.ts');
  const child = spawn(process.execPath, [gateway], { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to both of us; one from elsewhere reaches only this process and is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? (signal ? 1 : 0);
      resolve();
    });
  });
}

/** `NAME=value` lines; quotes around a value are dropped, lines that begin with # are comments. */
function readEnvFile(file) {
  if (!fs.existsSync(file)) return {};
  const lines = fs.readFileSync(file, 'utf8').split(/\r?\n/);
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value.replace(/^(['"])(.*)\1$/, '$2')]];
    }),
  );
}
