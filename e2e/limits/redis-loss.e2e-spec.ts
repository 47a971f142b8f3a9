import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type PrivateRedis,
  type SimulatedUpstream,
  startPrivateRedis,
  startSimulatedUpstream,
  waitUntil,
} from '@penstock/testing';
import { ledgersSeeded } from '@penstock/rate-limiting';
import { Redis } from 'ioredis';
import { checkLedgerSamples } from './history/check-ledger-samples.ts';
import { checkRequestRate } from './history/check-rate.ts';
import { checkSums, sumOfEvents } from './history/check-sums.ts';
import { checkUsage } from './history/check-usage.ts';
import { costOfTokens, type LedgerSample, type UpstreamCall, type Violation } from './history/history.ts';
import { Callers } from './support/callers.ts';
import { LedgerSampler } from './support/ledger-sampler.ts';
import { planStream } from './support/plan-stream.ts';
import { createLimitsScenario, type LimitsScenario, ORGANIZATION, PRICE } from './support/limits-scenario.ts';
import { type LimitsStack, startLimitsStack } from './support/limits-stack.ts';
import { makeCall } from './support/make-call.ts';
import { countOutcomes, printFigures } from './support/print-figures.ts';
import { longWindow, REST_OF_TEST_MS, runLengthMs } from './support/run-length.ts';
import { chooseSeed } from './support/seeded-random.ts';
import {
  countGatewayInstances,
  forgetGatewayInstances,
  readRollupSums,
  readStoredEvents,
} from './support/stored-usage.ts';
import { Truth } from './support/truth.ts';
import { usageToBeStored } from './support/usage-to-be-stored.ts';

const RUN_MS = runLengthMs(9);
/** At night longer than heartbeats are remembered. */
const OUTAGE_MS = process.env['PENSTOCK_LIMITS_SECONDS'] ? 30_000 : 3_000;
const GATEWAYS = 2;
const CALLERS = 32;
const DATABASE_URL = process.env['DATABASE_URL'] ?? '';

const window = longWindow(new Date());
const requestRate = { unit: 'requests', window: 'second', max: 60, burst: 30 } as const;
// They begin before the loss and end one after the other while ledgers are written back, and after that.
const STREAM_TOKENS = Array.from({ length: 6 * GATEWAYS }, (_, index) => 95 + 6 * index);
const STREAMS_COST = STREAM_TOKENS.reduce((sum, tokens) => sum + tokens * PRICE.output, 0);
// Runs out before the callers do.
const budget = { unit: 'cost', window, max: Math.round((RUN_MS / 1_000) * 12_000) + STREAMS_COST } as const;

let redis: PrivateRedis;
let upstream: SimulatedUpstream;
let stack: LimitsStack;
let scenario: LimitsScenario;
let truth: Truth;
let sampler: LedgerSampler;

beforeAll(async () => {
  redis = await startPrivateRedis({ durable: true });
  // Redis is lost when it is stopped, and not because the machine is busy.
  const gatewayEnvironment = { PENSTOCK_LIMITER_DEADLINE_MS: '1000', PENSTOCK_LIMITER_LEASE_MS: '30000' };
  const services = { databaseUrl: DATABASE_URL, redisUrl: redis.url };
  stack = await startLimitsStack({ gateways: GATEWAYS, ...services, gatewayEnvironment });
  // The worker waits for the usage of gateways that it knows, which is so every ten seconds.
  const areKnown = async (): Promise<boolean> => (await countGatewayInstances(DATABASE_URL)) >= GATEWAYS;
  await waitUntil('the gateways to be known', areKnown, { timeoutMs: 30_000, intervalMs: 250 });
}, REST_OF_TEST_MS);
afterAll(async () => {
  await stack?.stop();
  await redis?.dispose();
});

beforeEach(async () => {
  upstream = await startSimulatedUpstream();
  scenario = await createLimitsScenario(stack, upstream, { key: [budget, requestRate], team: [budget] });
  truth = new Truth(upstream);
  sampler = new LedgerSampler(redis.url, scenario.sampled);
});
afterEach(async () => {
  truth?.stop();
  sampler?.close();
  await upstream?.stop();
});

async function empty(): Promise<void> {
  const connection = new Redis(redis.url);
  await connection.flushall();
  connection.disconnect();
}

const losses: Readonly<Record<string, () => Promise<void>>> = {
  'is stopped and comes back with its data': async () => {
    await redis.stop();
    await sleep(OUTAGE_MS);
    await redis.start();
  },
  'is killed and comes back empty': async () => {
    await empty();
    await redis.kill9();
    await sleep(OUTAGE_MS);
    await redis.start();
  },
  'loses its data while it runs': empty,
};

/** The process of a gateway has run for about two seconds when callers come, and for less than three when Redis loses its data. */
const SOON_MS = 1_000;

const cases = [
  ...Object.keys(losses).map((name) => ({ name, soon: false })),
  { name: 'is killed and comes back empty', soon: true },
  { name: 'loses its data while it runs', soon: true },
];

describe.each(cases)('When Redis $name, soon after gateways have started: $soon', ({ name, soon }) => {
  it(
    'no money is overspent, no usage is lost, and rates hold',
    async () => {
      const seed = chooseSeed();
      if (soon) await startGatewaysAnew();
      sampler.start();
      const mix = { maxOutputTokens: 40, leaving: 0, breaking: 0 };
      const { targets, keyId } = scenario;
      const callers = new Callers({ targets, perTarget: CALLERS, seed, mix, patience: [100, 300] });
      const streams = startStreams(seed);
      await sleep(soon ? SOON_MS : RUN_MS / 3);
      const beforeLoss = upstreamCost(truth.calls());
      await losses[name]!();
      const backAfterMs = await untilRedisDecides();
      await sleep(RUN_MS / 3);
      await callers.stop();
      const streamed = await Promise.all(streams);
      await waitUntil('the upstream to be idle', () => upstream.inFlight === 0);
      await sampler.pause();
      await usageToBeStored(scenario, truth);
      const calls = [...callers.calls, ...streamed];
      const upstreamCalls = truth.calls();
      const events = await readStoredEvents(DATABASE_URL, keyId);
      const ledgers = await sampler.readSettled();
      const rollups = await readRollupSums(DATABASE_URL, keyId);
      const spent = upstreamCost(upstreamCalls);
      // A gateway's own share, and an empty Redis, each know nothing of the burst that was used before.
      const bound = { name: 'requests', perMs: requestRate.max / 1_000, decidedLocally: 2 * requestRate.burst };
      const violations: Violation[] = [
        ...checkLedgerSamples(sampler.samples),
        ...checkUsage({ calls, upstream: upstreamCalls, events, price: PRICE }),
        ...checkSums('rollups', rollups, sumOfEvents(events)),
        ...checkSums('upstream', sumOfCalls(upstreamCalls), sumOfEvents(events)),
        ...checkRequestRate(calls, upstreamCalls, { ...bound, burst: requestRate.burst }),
        ...(spent > budget.max ? [overspent(spent)] : []),
        ...ledgers.filter((ledger) => ledger.spent + ledger.reserved !== spent).map((ledger) => untrue(ledger, spent)),
      ];
      const figures = { seed, ...countOutcomes(calls), beforeLoss, spent, budget: budget.max, backAfterMs };
      const found = { samples: sampler.samples.length, ledgers: ledgers.map((one) => one.spent) };
      printFigures(`Redis ${name}${soon ? ', soon' : ''}`, { ...figures, ...found, violations: violations.length });
      expect(violations).toEqual([]);
      // Money was spent before, and there was some left to be spent afterwards.
      expect(beforeLoss).toBeGreaterThan(0);
      expect(beforeLoss).toBeLessThan(budget.max);
      expect(spent).toBeGreaterThan(beforeLoss);
      expect(streamed.map(({ outcome }) => outcome)).toEqual(streamed.map(() => 'answered'));
    },
    RUN_MS + REST_OF_TEST_MS,
  );
});

/** Nobody has heard of these gateways before. */
async function startGatewaysAnew(): Promise<void> {
  await Promise.all(stack.gateways.map(({ server }) => server.stop()));
  await forgetGatewayInstances(DATABASE_URL);
  await Promise.all(stack.gateways.map(({ server }) => server.start()));
}

/** Long answers, each half a second longer than the one before. */
const startStreams = (seed: number) =>
  STREAM_TOKENS.map((tokens, index) => {
    const stream = planStream(`limits-${seed}-stream-${index}`, { tokens, tokenDelayMs: 100 });
    return makeCall(scenario.targets[index % GATEWAYS]!, stream, REST_OF_TEST_MS);
  });

/** How long after its loss Redis decided about all again, with its ledgers written back, ms. */
async function untilRedisDecides(): Promise<number> {
  const startedAt = performance.now();
  const connection = new Redis(redis.url);
  const areWell = async (): Promise<boolean> => {
    const degraded = await Promise.all(stack.gateways.map((gateway) => gateway.metric('penstock_limiter_degraded')));
    return degraded.every((one) => one === 0) && (await ledgersSeeded(connection, ORGANIZATION));
  };
  await waitUntil('Redis to decide again', areWell, { timeoutMs: 40_000 });
  connection.disconnect();
  return Math.round(performance.now() - startedAt);
}

const overspent = (spent: number): Violation => ({
  rule: 'overspend',
  detail: `${spent} micro-USD were used upstream of ${budget.max}`,
});

const untrue = ({ ledger, ...sample }: LedgerSample, spent: number): Violation => ({
  rule: sample.spent + sample.reserved < spent ? 'ledger-below-truth' : 'ledger-above-truth',
  detail: `${ledger}: ${sample.spent} spent and ${sample.reserved} reserved, but ${spent} used upstream`,
});

const upstreamCost = (calls: readonly UpstreamCall[]): number =>
  calls.reduce((sum, { tokens }) => sum + costOfTokens(tokens, PRICE), 0);

const sumOfCalls = (calls: readonly UpstreamCall[]) => ({
  requests: calls.length,
  inputTokens: calls.reduce((sum, { tokens }) => sum + tokens.input, 0),
  outputTokens: calls.reduce((sum, { tokens }) => sum + tokens.output, 0),
  costMicroUsd: upstreamCost(calls),
});
