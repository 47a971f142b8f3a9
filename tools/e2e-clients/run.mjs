import fs from 'node:fs';
import path from 'node:path';
import { pythonWithClients } from '../../e2e/support/python-clients.ts';
import { root } from '../bootstrap.mjs';
import { redisBinary } from '../services/redis-binary.mjs';
import { runCommand } from '../services/run-command.mjs';
import { readResults } from '../test/results.mjs';
import { installClients } from './install-clients.mjs';

const report = path.join(root, '.penstock/test/clients.json');
const TIMEOUT_MS = 15 * 60_000;

/** Installs the clients, runs their tests, prints one summary, and returns whether all went well. */
export async function run({ say, step }) {
  fs.mkdirSync(path.dirname(report), { recursive: true });
  redisBinary({ cacheDir: path.join(root, '.penstock/cache'), say });
  await step('clients', () => installClients(say));
  await step('Python clients', () => pythonWithClients('agents')); // 0.4 GB below .penstock/clients-python, once
  const { code } = await step('tests', runTests);
  const { passed, failed } = readResults({ format: 'jest', file: report }) ?? { passed: 0, failed: 1 };
  console.log(`\n${passed} passed, ${failed} failed`);
  return code === 0;
}

function runTests() {
  fs.rmSync(report, { force: true }); // a report of an earlier run must not count
  const { DATABASE_URL: _database, REDIS_URL: _redis, PENSTOCK_READY_FILE: _ready, ...inherited } = process.env;
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const selection = ['--runInBand', '--selectProjects', 'agents', '--json', `--outputFile=${report}`, '--verbose'];
  return runCommand(process.execPath, [...flags, jest, ...selection], {
    cwd: root,
    env: { ...inherited, CI: 'true', FORCE_COLOR: '0' },
    timeoutMs: TIMEOUT_MS,
    onOutput: (text) => process.stdout.write(text.replace(/^Test results written to: .*\n/m, '')),
  });
}
