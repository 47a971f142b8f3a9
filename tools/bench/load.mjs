// Runs the native load generator, which is also the upstream, against one target.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { Problem } from '../services/problem.mjs';
import { cpuNanoseconds, processTree, residentBytes } from './cpu.mjs';

const source = path.join(import.meta.dirname, 'load.c');

/** With two CPUs or more the target gets the first one and the generator the second. */
export const pinTo = (cpu) => (os.cpus().length > 1 && hasCommand('taskset') ? ['taskset', '-c', String(cpu)] : []);

export const hasCommand = (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

/** Compiles the generator; returns its path. */
export function compileLoad(directory) {
  const binary = path.join(directory, 'load');
  if (fs.existsSync(binary) && fs.statSync(binary).mtimeMs > fs.statSync(source).mtimeMs) return binary;
  const result = spawnSync('cc', ['-O2', '-o', binary, source], { encoding: 'utf8' });
  if (result.status !== 0) throw new Problem(`The load generator does not compile: ${result.stderr ?? result.error}`);
  return binary;
}

/**
 * One window of load. `target.pids()` are measured over the window alone.
 * Resolves to the generator's figures plus `cpuMicroseconds` for each request and `residentBytes` at its end.
 */
export async function measure(binary, target, work, { warmup, seconds }) {
  const options = {
    '--target': target.port,
    '--upstream': target.upstreamPort,
    '--path': target.path,
    '--headers': target.headers,
    '--keys': target.keys,
    '--model': target.model,
    ...work.options,
    '--warmup': warmup,
    '--seconds': seconds,
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const [command, ...rest] = [...pinTo(1), binary, ...given.flat().map(String)];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let pids = [];
  let before = 0;
  let result;
  for await (const line of readline.createInterface({ input: child.stdout })) {
    if (line === 'begin') {
      pids = target.pids().flatMap(processTree);
      before = cpuNanoseconds(pids);
      continue;
    }
    const cpu = cpuNanoseconds(pids) - before;
    const figures = JSON.parse(line);
    const operations = figures.chunks || figures.completed;
    result = { ...figures, cpuMicroseconds: cpu / 1000 / operations, residentBytes: residentBytes(pids) };
  }
  if (!result) throw new Error(`the load generator gave no figures for ${target.name}`);
  if (result.failed > 0) {
    const all = result.completed + result.failed;
    throw new Error(
      `${target.name} failed ${result.failed} of ${all} requests, the first with status ${result.firstBadStatus}`,
    );
  }
  return result;
}
