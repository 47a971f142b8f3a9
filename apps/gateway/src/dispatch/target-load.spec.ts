import { describe, expect, it } from '@jest/globals';
import type { TokenUsage } from '@penstock/contracts';
import fc from 'fast-check';
import { DecayingLatency } from './decaying-latency.ts';
import { TargetLoad, type TimedAnswer } from './target-load.ts';
import { TargetLoadRegistry, TargetLoads } from './target-loads.ts';

type Outcome = TimedAnswer['end']['outcome'];
const ended = (outcome: Outcome, outputTokens?: number): TimedAnswer['end'] => ({
  outcome,
  usage: outputTokens === undefined ? null : ({ outputTokens } as TokenUsage),
});
const answer = { sentAt: 1_000, now: 2_600, stream: false, firstTokenAt: 0, end: ended('completed') };
const stream = { ...answer, stream: true };

describe('an average latency', () => {
  it('lies between the fastest and the slowest answer', () => {
    const durations = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(durations, fc.integer({ min: 1, max: 100_000 }), (each, apartMs) => {
        const latency = new DecayingLatency();
        for (const [index, duration] of each.entries()) latency.observe(duration, index * apartMs);
        expect(latency.average).toBeGreaterThanOrEqual(Math.min(...each) - 1e-6);
        expect(latency.average).toBeLessThanOrEqual(Math.max(...each) + 1e-6);
      }),
    );
  });

  it('follows a target that becomes slow at once, one that becomes fast by and by, and forgets what is old', () => {
    const latency = new DecayingLatency();
    expect(latency.average).toBeNull();
    latency.observe(100, 0);
    latency.observe(1_100, 1);
    expect(latency.average).toBeCloseTo(400);
    latency.observe(100, 2);
    expect(latency.average).toBeCloseTo(370);
    latency.observe(50, 600_000);
    expect(latency.average).toBeCloseTo(50);
  });
});

describe('the load of a target', () => {
  it('learns the time to the first token of a stream, and the time for each token of a whole answer', () => {
    const load = new TargetLoad();
    load.begin().end({ ...stream, firstTokenAt: 1_250 });
    load.begin().end({ ...answer, end: ended('completed', 160) });
    expect([load.firstToken.average, load.token.average]).toEqual([250, 10]);
  });

  it('counts a short answer as one of sixteen tokens', () => {
    const load = new TargetLoad();
    load.begin().end({ ...answer, end: ended('completed', 1) });
    expect(load.token.average).toBe(100);
  });

  it('learns nothing of a failure, of the first token of an earlier attempt, or of a caller that left soon', () => {
    const load = new TargetLoad();
    load.begin().end({ ...answer, end: ended('failed') });
    load.begin().end({ ...stream, firstTokenAt: 900 });
    expect([load.firstToken.average, load.token.average]).toEqual([null, null]);
    load.begin().end({ ...stream, firstTokenAt: 5_000, now: 9_000 });
    load.begin().end({ ...stream, end: ended('client-closed') });
    expect(load.firstToken.average).toBe(4_000);
  });

  it('learns that a caller waited in vain', () => {
    const load = new TargetLoad();
    load.begin().end({ ...stream, end: ended('client-closed') });
    expect(load.firstToken.average).toBe(1_600);
  });
});

describe('the loads of targets', () => {
  it('survive a new config as long as their provider is in it', () => {
    const registry = new TargetLoadRegistry();
    const before = registry
      .replace(new Set(['a', 'b']))
      .get('a')
      ?.of('m');
    before?.begin();
    const after = registry
      .replace(new Set(['a']))
      .get('a')
      ?.of('m');
    expect(after).toBe(before);
    expect(after?.inFlight).toBe(1);
    registry.replace(new Set());
    expect(
      registry
        .replace(new Set(['a']))
        .get('a')
        ?.of('m').inFlight,
    ).toBe(0);
  });

  it('are bounded when callers make up the names of models', () => {
    const loads = new TargetLoads();
    const distinct = new Set(Array.from({ length: 1_500 }, (_, index) => loads.of(`m${index}`)));
    expect(distinct.size).toBe(1_001);
    expect(loads.of('m0')).not.toBe(loads.of('m1400'));
  });
});
