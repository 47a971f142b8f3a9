import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type PrivateRedis,
  type SimulatedUpstream,
  startPrivateRedis,
  startSimulatedUpstream,
  waitUntil,
} from '@penstock/testing';
import { checkLedgerEnd } from './history/check-ledger-end.ts';
import { checkLedgerSamples } from './history/check-ledger-samples.ts';
import { checkProbes, type Probe } from './history/check-probes.ts';
import { checkRequestRate, checkTokenRate } from './history/check-rate.ts';
import { checkSums, sumOfEvents } from './history/check-sums.ts';
import { checkUsage } from './history/check-usage.ts';
import {
  type CallRecord,
  costOfTokens,
  type LedgerSample,
  type StoredEvent,
  type Tokens,
  type UpstreamCall,
  type Violation,
} from './history/history.ts';
import { Callers } from './support/callers.ts';
import { LedgerSampler } from './support/ledger-sampler.ts';
import { createLimitsScenario, type LimitsScenario, PRICE } from './support/limits-scenario.ts';
import { type LimitsGateway, type LimitsStack, startLimitsStack } from './support/limits-stack.ts';
import { countOutcomes, printFigures } from './support/print-figures.ts';
import { makeCall } from './support/make-call.ts';
import { probeConcurrency, probeOnce, smallBound, smallCall } from './support/probe-limits.ts';
import { longWindow, REST_OF_TEST_MS, runLengthMs } from './support/run-length.ts';
import { chooseSeed, seededRandom } from './support/seeded-random.ts';
import { SettlementRepeater } from './support/settlement-repeater.ts';
import { readRollupSums, readStoredEvents } from './support/stored-usage.ts';
import { usageToBeStored } from './support/usage-to-be-stored.ts';
import { Truth } from './support/truth.ts';

const RUN_MS = runLengthMs(20);
const GATEWAYS = 4;
const CALLERS = 64;
const DATABASE_URL = process.env['DATABASE_URL'] ?? '';

/** In proportion to the time, so that money runs out towards the end. */
const seconds = RUN_MS / 1_000;
const window = longWindow(new Date());
const requestRate = { unit: 'requests', window: 'second', max: 80, burst: 100 } as const;
const tokenRate = { unit: 'tokens', window: 'minute', max: 120_000, burst: 6_000 } as const;
const limits = {
  key: [
    { unit: 'cost', window, max: Math.round(14_000 * seconds), estimate: 'hard' },
    requestRate,
    tokenRate,
    { unit: 'concurrency', max: 48 },
  ],
  team: [
    { unit: 'cost', window, max: Math.round(16_000 * seconds), estimate: 'hard' },
    { unit: 'tokens', window, max: Math.round(1_500 * seconds), estimate: 'hard' },
  ],
} as const;

let redis: PrivateRedis;
let upstream: SimulatedUpstream;
let stack: LimitsStack;
let scenario: LimitsScenario;
let truth: Truth;
let sampler: LedgerSampler;

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), startSimulatedUpstream()]);
  // Redis is never lost here, however busy the machine: what Redis decides is to be proven.
  const gatewayEnvironment = { PENSTOCK_LIMITER_DEADLINE_MS: '5000', PENSTOCK_LIMITER_LEASE_MS: '30000' };
  const services = { databaseUrl: DATABASE_URL, redisUrl: redis.url };
  stack = await startLimitsStack({ gateways: GATEWAYS, ...services, gatewayEnvironment });
  scenario = await createLimitsScenario(stack, upstream, limits);
  truth = new Truth(upstream);
  sampler = new LedgerSampler(redis.url, scenario.sampled);
});
afterAll(async () => {
  truth?.stop();
  sampler?.close();
  await stack?.stop();
  await upstream?.stop();
  await redis?.dispose();
});

describe('Four gateways with 64 callers each, one of which is killed, and settlements that come twice', () => {
  it(
    'never exceed a limit, and lose and repeat no usage',
    async () => {
      const seed = chooseSeed();
      const random = seededRandom(seed - 1);
      const repeater = new SettlementRepeater({ redisUrl: redis.url, share: 0.05, random, withinMs: 3_000 });
      await repeater.start();
      sampler.start();
      const { calls, killedAt, decidedLocally } = await callWhileOneIsKilled(seed);
      await repeater.stop();
      await usageToBeStored(scenario, truth);
      await waitUntil('all leases to run out', async () => (await sampler.readSettled()).every(isFree), {
        timeoutMs: 45_000,
        intervalMs: 200,
      });
      await sampler.pause();
      const ends = await sampler.readSettled();
      const upstreamCalls = truth.calls();
      const events = await readStoredEvents(DATABASE_URL, scenario.keyId);
      const holds = calls.filter(({ outcome, invokedAt }) => outcome === 'cut' && invokedAt <= killedAt);
      const rate = { calls, upstreamCalls, decidedLocally };
      const violations = [
        ...checkLedgerSamples(sampler.samples),
        ...ends.flatMap((sample) => checkEnd(sample, { upstreamCalls, events, holds })),
        ...checkUsage({ calls, upstream: upstreamCalls, events, price: PRICE }),
        ...checkSums('rollups', await readRollupSums(DATABASE_URL, scenario.keyId), sumOfEvents(events)),
        ...checkRates(rate),
        ...checkProbes(await probeAll(seed)),
      ];
      printFigures('many gateways', {
        seed,
        ...countOutcomes(calls),
        upstream: upstreamCalls.length,
        events: events.length,
        presumed: events.filter(({ source }) => source === 'presumed').length,
        settlementsRepeated: `${repeater.repeated} of ${repeater.settlements}`,
        decidedLocally,
        samples: sampler.samples.length,
        ledgers: ends.map(({ ledger, spent, max }) => `${ledger}: ${spent} of ${max}`),
        violations: violations.length,
      });
      expect(violations).toEqual([]);
      // Without these the run would prove nothing.
      expect(repeater.repeated).toBeGreaterThan(0);
      expect(holds.length).toBeGreaterThan(0);
      expect(events.some(({ source }) => source === 'presumed')).toBe(true);
      expect(countOutcomes(calls)['denied']).toBeGreaterThan(100);
      expect(sampler.samples.length).toBeGreaterThan(1_000);
    },
    RUN_MS + REST_OF_TEST_MS,
  );
});

/** All call; after a quarter of the time a gateway dies, and a second later it is back. */
async function callWhileOneIsKilled(seed: number) {
  const mix = { maxOutputTokens: 40, leaving: 0.02, breaking: 0.02 };
  const callers = new Callers({ targets: scenario.targets, perTarget: CALLERS, seed, mix, patience: [300, 900] });
  const [victim] = stack.gateways;
  await sleep(RUN_MS / 4);
  const doomed = await sendDoomed(seed);
  let decidedLocally = await admittedLocally(victim!);
  const killedAt = Date.now();
  await victim!.server.kill();
  await sleep(1_000);
  await victim!.server.start();
  await sleep((RUN_MS * 3) / 4 - 1_000);
  await callers.stop();
  await waitUntil('the upstream to be idle', () => upstream.inFlight === 0);
  for (const gateway of stack.gateways) decidedLocally += await admittedLocally(gateway);
  return { calls: [...callers.calls, ...(await Promise.all(doomed))], killedAt, decidedLocally };
}

const DOOMED_MS = 10_000;
const MOST_DOOMED = 200;

/** Sends slow calls to the gateway that is to die, until one of them runs for certain. */
async function sendDoomed(seed: number): Promise<Promise<CallRecord>[]> {
  const sent: Promise<CallRecord>[] = [];
  const runs = (): boolean => truth.calls().some(({ requestId }) => requestId.startsWith('doomed-'));
  while (!runs() && sent.length < MOST_DOOMED) {
    sent.push(makeCall(scenario.targets[0]!, smallCall(`doomed-${seed}-${sent.length}`, DOOMED_MS)));
    await sleep(50);
  }
  return sent;
}

/** Requests that a gateway admitted without Redis. */
const admittedLocally = (gateway: LimitsGateway): Promise<number> =>
  gateway.metric('penstock_degraded_admissions_total', { unit: 'requests' });

const isFree = ({ reserved }: LedgerSample): boolean => reserved === 0;

/** What the books say at the end, in the unit of the ledger. */
function checkEnd(
  sample: LedgerSample,
  {
    upstreamCalls,
    events,
    holds,
  }: { upstreamCalls: readonly UpstreamCall[]; events: readonly StoredEvent[]; holds: readonly CallRecord[] },
): Violation[] {
  const isCost = sample.ledger.startsWith('cost');
  const amount = (tokens: Tokens): number => (isCost ? costOfTokens(tokens, PRICE) : tokens.input + tokens.output);
  const sum = (all: readonly Tokens[]): number => all.reduce((total, tokens) => total + amount(tokens), 0);
  const settled = events.filter(({ source }) => source !== 'presumed').map(({ tokens }) => tokens);
  // Of what was broken off a gateway has seen less than the upstream made: the books say that it is estimated.
  const reported = new Set(events.filter(({ source }) => source === 'reported').map(({ requestId }) => requestId));
  return checkLedgerEnd({
    sample,
    truth: sum(upstreamCalls.filter(({ requestId }) => reported.has(requestId)).map(({ tokens }) => tokens)),
    settled: sum(settled),
    // A dead gateway's pledge is a hundredth of the budget at most.
    unsettledHolds: sum(holds.map(({ bound }) => bound)) + (isCost ? sample.max / 100 : 0),
  });
}

/** Later than this a gateway gives up and tries again. */
const SETTLEMENT_MS = 6_000;

function checkRates(history: { calls: CallRecord[]; upstreamCalls: UpstreamCall[]; decidedLocally: number }) {
  const { calls, upstreamCalls, decidedLocally } = history;
  const perMs = requestRate.max / 1_000;
  const tokensPerMs = tokenRate.max / 60_000;
  const tokensLocally = decidedLocally * (Math.max(...calls.map(({ bound }) => bound.input)) + 40);
  return [
    ...checkRequestRate(calls, upstreamCalls, { name: 'requests', perMs, burst: requestRate.burst, decidedLocally }),
    ...checkTokenRate(calls, upstreamCalls, {
      name: 'tokens',
      perMs: tokensPerMs,
      burst: tokenRate.burst,
      decidedLocally: tokensLocally,
      settlementMs: SETTLEMENT_MS,
    }),
  ];
}

/** When nobody calls any more and one gateway is left, everything that fits is admitted. */
async function probeAll(seed: number): Promise<Probe[]> {
  const [[target], [gateway]] = [scenario.targets, stack.gateways];
  // Closing they give back what they put aside for themselves.
  await Promise.all(stack.gateways.slice(1).map((other) => other.server.stop()));
  const options = { target: target!, upstream, calls: [], prefix: `probe-${seed}` };
  const spent = async (): Promise<number> => Math.max(...(await costs()).map((sample) => sample.spent));
  const atOnce = limits.key.find(({ unit }) => unit === 'concurrency')?.max ?? 0;
  await scenario.changeBudgets(gateway!, (await spent()) + 100_000_000);
  const concurrency = await probeConcurrency(options, atOnce);
  await waitUntil('everything to be settled', async () => (await costs()).every(isFree));
  await scenario.changeBudgets(gateway!, (await spent()) + costOfTokens(smallBound(), PRICE));
  const last = await probeOnce(options, 'a request that just fits', true);
  await waitUntil('everything to be settled', async () => (await costs()).every(isFree));
  await scenario.changeBudgets(gateway!, await spent());
  const none = await probeOnce(options, 'a request for which nothing is left', false);
  return [...concurrency, last, none];
}

async function costs(): Promise<LedgerSample[]> {
  return (await sampler.readSettled()).filter(({ ledger }) => ledger.startsWith('cost'));
}
