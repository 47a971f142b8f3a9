import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../bootstrap.mjs';
import { Problem } from '../services/problem.mjs';
import { runCommand } from '../services/run-command.mjs';
import { choose, help } from './options.mjs';
import { readResults } from './results.mjs';
import { stages } from './stages.mjs';

const reports = path.join(root, '.penstock/test');
const heartbeatMs = 20_000;
const hangs = /Jest did not exit/; // a test left something open: no use in waiting for the timeout

/** Runs the stages, prints one summary, and returns whether all went well. */
export async function run(options, { say }) {
  const all = stages(reports);
  if (options.help) {
    console.log(help(all.map(({ name }) => name)));
    return true;
  }
  const chosen = choose(all, options.only);
  fs.mkdirSync(reports, { recursive: true });
  const outcomes = [];
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true));
  for (const stage of chosen) if (!interrupted) outcomes.push(await runStage(stage, options, say));
  summarize(outcomes);
  return !interrupted && outcomes.every(({ ok }) => ok);
}

async function runStage(stage, { verbose }, say) {
  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(1);
  say(`${stage.name} ...`);
  const heartbeat = setInterval(() => say(`${stage.name} ... ${seconds()} s`), heartbeatMs);
  if (stage.results) fs.rmSync(stage.results.file, { force: true }); // a report of an earlier run must not count
  const { code, output } = await execute(stage, verbose, say).catch(unexpected);
  clearInterval(heartbeat);
  const ok = code === 0;
  if (!ok && !verbose) console.log(`\n${stripVTControlCharacters(output).trimEnd()}\n`);
  const verdict = ok ? 'ok' : code === 124 ? `FAILED: not done after ${stage.timeoutMs / 1000} s` : 'FAILED';
  say(`${stage.name} ${verdict} (${seconds()} s)`);
  return { name: stage.name, ok, verdict, seconds: seconds(), ...count(stage, ok) };
}

const unexpected = (error) => ({ code: 1, output: error instanceof Problem ? error.message : error.stack });

async function execute(stage, verbose, say) {
  stage.prepare?.(say);
  const stageEnv = await stage.env?.();
  const onOutput = verbose ? (text) => process.stdout.write(text) : undefined;
  const command = ([file, ...args], env = {}) =>
    runCommand(file, args, {
      cwd: root,
      env: { ...environment(), ...stageEnv, ...env },
      timeoutMs: stage.timeoutMs,
      onOutput,
      endWhen: hangs,
    });
  if (stage.run) return stage.run(command);
  let output = '';
  for (const line of stage.commands) {
    const result = await command(line);
    output += result.output;
    if (result.code !== 0) return { code: result.code, output };
  }
  return { code: 0, output };
}

// Tests bring their own services and must never meet those of the person who runs them.
function environment() {
  const { DATABASE_URL: _database, REDIS_URL: _redis, VLLM_BASE_URL: _vllm, FORCE_COLOR: _color, ...env } = process.env;
  return { ...env, CI: 'true', FORCE_COLOR: '0', NX_DAEMON: 'false', NX_TUI: 'false' };
}

// A stage that fails without a failed test of its own (a check, a crash, a timeout) counts as one failure.
function count(stage, ok) {
  const { passed, failed } = (stage.results && readResults(stage.results)) ?? { passed: 0, failed: 0 };
  return { passed, failed: ok ? failed : Math.max(failed, 1) };
}

function summarize(outcomes) {
  const total = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  console.log('');
  for (const { name, verdict, seconds, passed, failed } of outcomes) {
    const tests =
      passed + failed > 0 ? `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed` : '';
    console.log(`  ${name.padEnd(12)} ${seconds.padStart(7)} s  ${tests.padEnd(27)}${verdict}`);
  }
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
}
