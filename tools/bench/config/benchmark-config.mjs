import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { RedisSnapshotPublisher, sealSnapshot } from '@penstock/config-sync';
import { deriveKeys } from '@penstock/secrets';
import { Redis } from 'ioredis';
import { redisBinary } from '../../services/redis-binary.mjs';
import { startRedis } from '../../services/redis.mjs';
import { startGateway } from './config-gateway.mjs';
import { changes, largeSnapshot } from './large-snapshot.mjs';

const warmUpMs = 5_000;
/** From one change to the next. */
const intervalMs = 2_000;

/** Runs the whole benchmark and prints a table; everything that it started is stopped and removed. */
export async function benchmarkConfig(args, { say }) {
  const options = { proxies: '1000', keys: '10000', rate: '200', rounds: '5' };
  const { values } = parseArgs({
    args,
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, fallback]) => [name, { type: 'string', default: fallback }]),
      ),
      json: { type: 'string' },
    },
  });
  const sizes = Object.fromEntries(Object.keys(options).map((name) => [name, Number(values[name])]));
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-bench-config-'));
  const endings = [() => fs.rmSync(directory, { recursive: true, force: true })];
  try {
    const results = await measureAll(await start(directory, sizes, { say, endings }), sizes, say);
    print(results);
    if (values.json) fs.writeFileSync(values.json, JSON.stringify({ ...sizes, results }, null, 2));
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}

async function start(directory, { proxies, keys, rate }, { say, endings }) {
  const load = new Worker(new URL('steady-load.mjs', import.meta.url), { workerData: { rate } });
  endings.push(() => load.terminate());
  const [{ upstreamPort }] = await once(load, 'message');
  const masterKey = crypto.randomBytes(32).toString('base64');
  const sealing = deriveKeys(masterKey);
  const config = largeSnapshot({ proxies, keys, upstreamPort, sealing });
  const redisServer = await startRedis({ binary: redisBinary({ cacheDir: directory, say }) });
  endings.push(() => redisServer.stop());
  const redis = new Redis(redisServer.url);
  endings.push(() => redis.disconnect());
  const publisher = new RedisSnapshotPublisher(redis);
  const envelope = sealSnapshot(config.snapshot, sealing);
  say(`a snapshot of ${(envelope.body.length / 2 ** 20).toFixed(1)} MiB`);
  await publisher.publish(envelope);
  const gateway = await startGateway({ directory, redisUrl: redisServer.url, masterKey });
  endings.push(() => gateway.stop());
  load.postMessage({ begin: { port: gateway.port, keys: config.keys, contexts: config.contexts } });
  return { load, gateway, publisher, sealing, snapshot: config.snapshot };
}

/** Without changes, then with each kind of them, then without once more: what the machine does by itself shows in both. */
async function measureAll(stack, { rounds }, say) {
  say('warming up');
  let [snapshot, revision] = [stack.snapshot, 1];
  await delay(warmUpMs);
  const results = [];
  const quiet = async (name) => results.push({ name, ...(await measure(stack, [], rounds)) });
  await quiet('no change');
  for (const [name, change] of Object.entries(changes)) {
    say(`preparing ${rounds + 1} changes: ${name}`);
    const envelopes = Array.from({ length: rounds + 1 }, () => {
      revision += 1;
      snapshot = { ...change(snapshot, revision, stack.sealing), revision };
      return sealSnapshot(snapshot, stack.sealing);
    });
    // The first of a kind compiles code as well; it is in no figure.
    await publish(stack, envelopes[0]);
    await delay(intervalMs);
    results.push({ name, ...(await measure(stack, envelopes.slice(1), rounds)) });
  }
  await quiet('no change, again');
  return results;
}

async function measure(stack, envelopes, rounds) {
  await stack.gateway.longestPauses();
  stack.load.postMessage({ reset: true });
  const swaps = [];
  for (let round = 0; round < rounds; round += 1) {
    const nextAt = performance.now() + intervalMs;
    if (envelopes[round]) swaps.push(await publish(stack, envelopes[round]));
    await delay(Math.max(0, nextAt - performance.now()));
  }
  const pauses = await stack.gateway.longestPauses();
  stack.load.postMessage({ read: true });
  const [{ figures }] = await once(stack.load, 'message');
  const latencies = figures.latencies.toSorted((one, other) => one - other);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return {
    swapMs: swaps.map(({ swapMs }) => swapMs),
    compileMs: swaps.map(({ compileMs }) => compileMs),
    ...pauses,
    requests: latencies.length,
    failed: figures.failed,
    shed: figures.shed,
    lastFailure: figures.lastFailure,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

async function publish({ gateway, publisher }, envelope) {
  const applied = gateway.appliedOf(envelope.revision);
  const startedAt = performance.now();
  await publisher.publish(envelope);
  const { atMs, compileMs } = await applied;
  return { swapMs: atMs - startedAt, compileMs };
}

function print(results) {
  const columns = [
    'changed',
    'swapped in: median',
    'slowest',
    'compiling',
    'longest pause',
    'on the CPU',
    'p50',
    'p99',
    'max',
    'requests',
  ];
  const ms = (value) => (Number.isFinite(value) ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : '-');
  const middle = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
  const rows = results.map((one) => [
    one.name,
    ms(middle(one.swapMs)),
    ms(one.swapMs.length > 0 ? Math.max(...one.swapMs) : undefined),
    ms(middle(one.compileMs)),
    ...[one.longestPauseMs, one.longestWorkMs, one.p50, one.p99, one.max].map(ms),
    `${one.requests}${one.failed + one.shed > 0 ? ` (${one.failed} failed, ${one.shed} not sent)` : ''}`,
  ]);
  const widths = columns.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index].length)));
  const line = (cells) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]))).join('  ');
  console.log(`\n${[columns, ...rows].map(line).join('\n')}`);
  const failure = results.find(({ lastFailure }) => lastFailure !== '')?.lastFailure;
  if (failure) console.log(`\na failed request: ${failure}`);
}
