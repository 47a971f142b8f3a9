import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type PrivateRedis,
  type SimulatedUpstream,
  startPrivateRedis,
  startSimulatedUpstream,
  waitUntil,
} from '@penstock/testing';
import { checkSums, sumOfEvents } from './history/check-sums.ts';
import { checkUsage } from './history/check-usage.ts';
import { costOfTokens } from './history/history.ts';
import { Callers } from './support/callers.ts';
import { createLimitsScenario, type LimitsScenario, PRICE } from './support/limits-scenario.ts';
import { type LimitsStack, startLimitsStack } from './support/limits-stack.ts';
import { countOutcomes, printFigures } from './support/print-figures.ts';
import { type PrivatePostgres, startPrivatePostgres } from './support/private-postgres.mjs';
import { longWindow, REST_OF_TEST_MS, runLengthMs } from './support/run-length.ts';
import { chooseSeed } from './support/seeded-random.ts';
import { readRollupSums, readStoredEvents } from './support/stored-usage.ts';
import { Truth } from './support/truth.ts';
import { usageToBeStored } from './support/usage-to-be-stored.ts';

const RUN_MS = runLengthMs(12);
const CALLERS = 12;

let postgres: PrivatePostgres;
let redis: PrivateRedis;
let upstream: SimulatedUpstream;
let stack: LimitsStack;
let scenario: LimitsScenario;
let truth: Truth;

beforeAll(async () => {
  [postgres, redis, upstream] = await Promise.all([
    startPrivatePostgres(),
    startPrivateRedis(),
    startSimulatedUpstream(),
  ]);
  // Redis is never lost here, however busy the machine.
  const gatewayEnvironment = { PENSTOCK_LIMITER_DEADLINE_MS: '5000' };
  const services = { databaseUrl: postgres.url, redisUrl: redis.url };
  stack = await startLimitsStack({ gateways: 2, ...services, gatewayEnvironment });
  const plenty = [{ unit: 'cost', window: longWindow(new Date()), max: 1_000_000_000 }] as const;
  scenario = await createLimitsScenario(stack, upstream, { key: plenty, team: plenty });
  truth = new Truth(upstream);
}, REST_OF_TEST_MS);
afterAll(async () => {
  truth?.stop();
  await stack?.stop();
  await upstream?.stop();
  await redis?.dispose();
  await postgres?.dispose();
});

describe('While the worker and Postgres are killed in the middle of their work', () => {
  it(
    'gateways serve on, and afterwards every sum is exact',
    async () => {
      const seed = chooseSeed();
      const mix = { maxOutputTokens: 40, leaving: 0, breaking: 0 };
      const { targets } = scenario;
      const callers = new Callers({ targets, perTarget: CALLERS, seed, mix, patience: [50, 200] });
      await sleep(RUN_MS / 4);
      await stack.worker.kill();
      await sleep(RUN_MS / 8);
      await stack.worker.start();
      await sleep(RUN_MS / 8);
      await postgres.kill9();
      await sleep(RUN_MS / 8);
      const whileDown = callers.calls.length;
      await postgres.start();
      await sleep(RUN_MS / 8);
      // Once more, with a worker that has to find its database and its stream anew.
      await Promise.all([stack.worker.kill(), postgres.kill9()]);
      await postgres.start();
      await stack.worker.start();
      await sleep(RUN_MS / 4);
      await callers.stop();
      const { calls } = callers;
      await waitUntil('the upstream to be idle', () => upstream.inFlight === 0);
      await usageToBeStored(scenario, truth, { databaseUrl: postgres.url });
      const upstreamCalls = truth.calls();
      const events = await readStoredEvents(postgres.url, scenario.keyId);
      const inputTokens = upstreamCalls.reduce((sum, { tokens }) => sum + tokens.input, 0);
      const outputTokens = upstreamCalls.reduce((sum, { tokens }) => sum + tokens.output, 0);
      const costMicroUsd = costOfTokens({ input: inputTokens, output: outputTokens }, PRICE);
      const exact = { requests: upstreamCalls.length, inputTokens, outputTokens, costMicroUsd };
      const violations = [
        ...checkUsage({ calls, upstream: upstreamCalls, events, price: PRICE }),
        ...checkSums('events', sumOfEvents(events), exact),
        ...checkSums('rollups', await readRollupSums(postgres.url, scenario.keyId), exact),
      ];
      printFigures('ingestion', { seed, ...countOutcomes(calls), ...exact, violations: violations.length });
      expect(violations).toEqual([]);
      expect(Object.keys(countOutcomes(calls))).toEqual(['answered']);
      expect(calls.length).toBeGreaterThan(whileDown);
    },
    RUN_MS + REST_OF_TEST_MS,
  );
});
