import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@penstock/telemetry';
import fc from 'fast-check';
import { ReseedWait } from './reseed-wait.ts';
import { SimulatedGateways, type SimulatedGateway } from './testing/simulated-gateways.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

const gateway: fc.Arbitrary<SimulatedGateway> = fc.record({
  // Clocks are off by up to half a minute.
  clockOffsetMs: fc.integer({ min: -30_000, max: 30_000 }),
  connectsAfterMs: fc.integer({ min: 0, max: 7_000 }),
  beatEveryMs: fc.integer({ min: 2_400, max: 3_600 }),
  restoreTakesMs: fc.integer({ min: 0, max: 3_000 }),
  eventEveryMs: fc.integer({ min: 20, max: 5_000 }),
  commitTakesMs: fc.integer({ min: 50, max: 40_000 }),
  isKnown: fc.boolean(),
  diesAfterMs: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: undefined }),
});
const usual: SimulatedGateway = {
  clockOffsetMs: 0,
  connectsAfterMs: 0,
  beatEveryMs: 3_000,
  restoreTakesMs: 10,
  eventEveryMs: 50,
  commitTakesMs: 1_000,
  isKnown: true,
  diesAfterMs: undefined,
};

async function runWith(gateways: readonly SimulatedGateway[], losesAgainAtMs?: number) {
  const world = new SimulatedGateways(gateways, losesAgainAtMs);
  const wait = new ReseedWait({ signs: world, clock: world, logger });
  await wait.arrival('first');
  const readAtMs = world.now();
  const complete = await wait.usage('second');
  return { world, readAtMs, complete, doneAtMs: world.now() };
}

describe('waiting for usage before ledgers are written back', () => {
  it('misses nothing that was spent before, of any gateway that lives, whatever their clocks say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(gateway, { maxLength: 4 }), async (gateways) => {
        const { world, readAtMs, complete, doneAtMs } = await runWith(gateways);
        expect(complete).toBe(true);
        for (const one of world.gateways) {
          if (one.isDead(doneAtMs)) continue;
          expect(one.hasRestored).toBe(true);
          expect(one.hasCommitted(readAtMs, doneAtMs)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ends seconds after the last event of before is committed, although the spools are never empty', async () => {
    const { doneAtMs } = await runWith([usual, { ...usual, eventEveryMs: 20 }]);
    expect(doneAtMs).toBeGreaterThanOrEqual(8_000);
    expect(doneAtMs).toBeLessThan(11_000);
  });

  it('does not give up on a gateway that lives, however long it takes', async () => {
    const { complete, doneAtMs } = await runWith([{ ...usual, commitTakesMs: 300_000 }]);
    expect(complete).toBe(true);
    expect(doneAtMs).toBeGreaterThan(300_000);
  });

  it('waits for a gateway that nobody has heard of yet', async () => {
    const { world } = await runWith([{ ...usual, isKnown: false, connectsAfterMs: 6_900, commitTakesMs: 5_000 }]);
    expect(world.gateways[0]?.hasRestored).toBe(true);
  });

  it('goes on without one that is silent for a quarter of a minute', async () => {
    const { doneAtMs } = await runWith([usual, { ...usual, connectsAfterMs: 1e9 }]);
    expect(doneAtMs).toBeGreaterThanOrEqual(15_000);
    expect(doneAtMs).toBeLessThan(16_000);
  });

  it('ends without success when Redis loses its data again', async () => {
    const { complete } = await runWith([{ ...usual, commitTakesMs: 5_000 }], 9_000);
    expect(complete).toBe(false);
  });
});
