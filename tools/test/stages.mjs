import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { freePort } from '../services/ports.mjs';
import { requireChromium } from '../services/chromium.mjs';
import { startPostgres } from '../services/postgres.mjs';
import { redisBinary } from '../services/redis-binary.mjs';

const minute = 60_000;
const node = process.execPath;
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const jest = [
  node,
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  path.join(root, 'node_modules/jest/bin/jest.js'),
];
const nx = [node, path.join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '--output-style=static', '-t'];
const prisma = [node, path.join(root, 'node_modules/prisma/build/index.js')];

/**
 * The stages of `npm test`, in order. Each has `commands` (run one after the other until one fails), or `run`. `results`
 * says which report holds the numbers of passed and failed tests. `prepare` gets what the stage needs onto the machine.
 * `reports` is the folder for the reports.
 */
export function stages(reports) {
  const report = (name) => path.join(reports, `${name}.json`);
  const jestStage = (name, ...args) => ({
    name,
    timeoutMs: 8 * minute,
    results: { format: 'jest', file: report(name) },
    commands: [[...jest, '--json', `--outputFile=${report(name)}`, ...args]],
  });
  const redis = (say) => void redisBinary({ cacheDir: path.join(root, '.penstock/cache'), say });
  return [
    { name: 'generate', timeoutMs: 2 * minute, commands: [[...nx, 'generate', '-p', 'control-plane,console']] },
    { name: 'format', timeoutMs: minute, commands: [[bin('oxfmt'), '--check']] },
    { name: 'lint', timeoutMs: 3 * minute, commands: [[bin('oxlint'), '--type-aware', '--deny-warnings']] },
    { name: 'boundaries', timeoutMs: minute, commands: [[node, 'tools/boundaries/check.mjs']] },
    {
      name: 'types',
      timeoutMs: 3 * minute,
      commands: ['tsconfig.json', 'apps/console/tsconfig.json'].map((project) => [bin('tsc'), '-p', project]),
    },
    { name: 'migrations', timeoutMs: 2 * minute, run: migrationDrift },
    // They start no servers, so that they may have all cores.
    jestStage('unit', '--maxWorkers=100%', '--selectProjects', 'unit', 'console'),
    { ...jestStage('integration', '--selectProjects', 'integration'), prepare: redis },
    { name: 'build', timeoutMs: 5 * minute, commands: [[...nx, 'build']] },
    {
      ...jestStage('e2e', '--runInBand', '--selectProjects', 'e2e', 'platform'),
      timeoutMs: 14 * minute,
      prepare: redis,
    },
    {
      name: 'browser',
      timeoutMs: 10 * minute,
      prepare: browser,
      results: { format: 'playwright', file: report('browser') },
      env: async () => ({ PENSTOCK_PLAYWRIGHT_JSON: report('browser'), PENSTOCK_E2E_PORT_OFFSET: await portOffset() }),
      commands: [[bin('playwright'), 'test']],
    },
  ];
}

function browser(say) {
  redisBinary({ cacheDir: path.join(root, '.penstock/cache'), say });
  process.env.CHROMIUM_PATH = requireChromium(say);
}

// Somebody may have Penstock running with the usual ports, or run these tests a second time beside us.
const portOffset = async () => String((await freePort()) - 16_000);

/** Does the schema say what the migrations build? Fails when a migration is missing. */
async function migrationDrift(execute) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-drift-'));
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), durable: false });
  const sides = ['--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma'];
  try {
    return await execute([...prisma, 'migrate', 'diff', ...sides, '--exit-code'], {
      DATABASE_URL: postgres.url('postgres'),
    });
  } finally {
    await postgres.stop();
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
