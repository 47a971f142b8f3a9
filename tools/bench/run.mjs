// Interleaved rounds: every target once, then every target again; medians, so that a busy neighbour hits all alike.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bootstrap.mjs';
import { cpuNanoseconds, processTree, residentBytes } from './cpu.mjs';
import { compileLoad, measure } from './load.mjs';
import { penstock } from './penstock.mjs';
import { printReport } from './report.mjs';
import { direct, nginx, portkey, requireCommands } from './targets.mjs';
import { idleStreams, idleWork, works } from './works.mjs';

const starters = {
  direct,
  nginx,
  penstock: (context) => penstock({ ...context, limits: false }),
  'penstock-limits': (context) => penstock({ ...context, limits: true }),
  portkey,
};

/** Runs everything and prints the tables. */
export async function runBenchmark(parameters, { say }) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      only: { type: 'string', default: Object.keys(starters).join(',') },
      json: { type: 'string' },
    },
  });
  requireCommands(say);
  const directory = path.join(root, '.penstock/bench');
  fs.mkdirSync(directory, { recursive: true });
  const binary = compileLoad(directory);
  const window = { warmup: 1, seconds: Number(values.seconds) };
  const results = [];
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const name of values.only.split(',')) {
      say(`round ${round} of ${values.rounds}: ${name}`);
      results.push(...(await measureTarget(starters[name], { directory, say, binary, window })));
    }
  }
  printReport(results);
  if (values.json)
    fs.writeFileSync(
      values.json,
      JSON.stringify({ cpu: os.cpus()[0]?.model, node: process.version, results }, null, 2),
    );
}

async function measureTarget(start, { directory, say, binary, window }) {
  const target = await start({ directory, say });
  const results = [];
  try {
    const startBytes = residentOf(target);
    // JIT and connections are warm before anything counts: compiling takes V8 some seconds under load.
    await measure(binary, target, works[1], { warmup: 1, seconds: 5 });
    for (const work of works) {
      const redisBefore = target.redisPid ? cpuNanoseconds([target.redisPid]) : 0;
      const figures = await measure(binary, target, work, window);
      const redisCpu = target.redisPid ? cpuNanoseconds([target.redisPid]) - redisBefore : 0;
      results.push({ target: target.name, work: work.name, per: work.per, ...figures, redisCpu });
    }
    if (target.pids().length > 0) results.push({ ...(await measureIdleStreams(binary, target)), startBytes });
  } finally {
    await target.stop();
  }
  return results;
}

const residentOf = (target) => residentBytes(target.pids().flatMap(processTree));

async function measureIdleStreams(binary, target) {
  const before = residentOf(target);
  const figures = await measure(binary, target, idleWork, { warmup: 2, seconds: 1 });
  const bytesPerStream = Math.max(0, figures.residentBytes - before) / idleStreams;
  return { target: target.name, work: idleWork.name, per: idleWork.per, baseBytes: before, bytesPerStream };
}
