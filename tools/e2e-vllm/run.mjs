import fs from 'node:fs';
import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { requireChromium } from '../services/chromium.mjs';
import { freePort } from '../services/ports.mjs';
import { redisBinary } from '../services/redis-binary.mjs';
import { runCommand } from '../services/run-command.mjs';
import { readResults } from '../test/results.mjs';
import { provideVllm } from './provide-vllm.mjs';

const minute = 60_000;
const reports = path.join(root, '.penstock/test');

/** Runs everything against a vLLM, prints one summary, and returns whether all went well. */
export async function run({ say, step }) {
  let interrupted = false;
  let inStage = false;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      interrupted = true;
      // A stage ends itself; the rest is bound to this process.
      if (!inStage) process.exit(1);
    });
  }
  fs.mkdirSync(reports, { recursive: true });
  redisBinary({ cacheDir: path.join(root, '.penstock/cache'), say });
  const chromium = requireChromium(say);
  const vllm = await step('vLLM', () => provideVllm(say));
  const outcomes = [];
  try {
    for (const stage of await stages(vllm, chromium)) {
      inStage = true;
      if (!interrupted) outcomes.push(await step(stage.name, () => runStage(stage)));
      inStage = false;
    }
  } finally {
    await vllm.stop();
  }
  return summarize(outcomes) && !interrupted;
}

/** The same tests as in `npm test`, but for the faults, which need an upstream that can be made to fail. */
async function stages({ url, model }, chromium) {
  const node = process.execPath;
  const bin = (...parts) => path.join(root, 'node_modules', ...parts);
  const jestReport = path.join(reports, 'vllm-platform.json');
  const browserReport = path.join(reports, 'vllm-browser.json');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const selection = ['--runInBand', '--selectProjects', 'platform'];
  const upstream = { VLLM_BASE_URL: url, VLLM_MODEL: model };
  return [
    {
      name: 'end-to-end tests',
      command: [
        node,
        ...flags,
        bin('jest/bin/jest.js'),
        ...selection,
        '--json',
        `--outputFile=${jestReport}`,
        '--verbose',
      ],
      env: upstream,
      results: { format: 'jest', file: jestReport },
    },
    {
      name: "console's main path",
      command: [bin('.bin/playwright'), 'test', 'first-request'],
      env: {
        ...upstream,
        CHROMIUM_PATH: chromium,
        PENSTOCK_PLAYWRIGHT_JSON: browserReport,
        PENSTOCK_E2E_PORT_OFFSET: String(10_000 + ((await freePort()) % 6_000)),
      },
      results: { format: 'playwright', file: browserReport },
    },
  ];
}

async function runStage({ name, command: [file, ...args], env, results }) {
  fs.rmSync(results.file, { force: true }); // a report of an earlier run must not count
  // Tests bring their own services and must never meet those of the person who runs them.
  const { DATABASE_URL: _database, REDIS_URL: _redis, PENSTOCK_READY_FILE: _ready, ...inherited } = process.env;
  const { code } = await runCommand(file, args, {
    cwd: root,
    env: { ...inherited, CI: 'true', FORCE_COLOR: '0', NX_DAEMON: 'false', NX_TUI: 'false', ...env },
    timeoutMs: 10 * minute,
    onOutput: (text) => process.stdout.write(withoutReport(text)),
  });
  const { passed, failed } = readResults(results) ?? { passed: 0, failed: 0 };
  const ok = code === 0;
  // A stage that fails without a failed test of its own (a crash, a timeout) counts as one failure.
  return { name, ok, passed, failed: ok ? failed : Math.max(failed, 1) };
}

// Jest says where it wrote its report in the middle of everything else.
const withoutReport = (text) => text.replace(/^Test results written to: .*\n/m, '');

function summarize(outcomes) {
  const total = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  console.log('');
  for (const { name, ok, passed, failed } of outcomes) {
    console.log(
      `  ${name.padEnd(20)} ${String(passed).padStart(4)} passed ${String(failed).padStart(4)} failed  ${ok ? 'ok' : 'FAILED'}`,
    );
  }
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
  return outcomes.length > 0 && outcomes.every(({ ok }) => ok);
}
