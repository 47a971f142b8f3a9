import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Segment } from './segment.ts';

describe('the age of what a segment waits for', () => {
  it('is never told younger than it is, and little older while not much waits', () => {
    const step = fc.record({ events: fc.nat(5), laterMs: fc.nat(80), commits: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const segment = new Segment('file');
        const waiting: number[] = [];
        let [nowMs, mostWaited] = [1_000, 0];
        for (const { events, laterMs, commits } of steps) {
          nowMs += laterMs;
          segment.addEvents(events, nowMs);
          for (let event = 0; event < events; event += 1) waiting.push(nowMs);
          mostWaited = Math.max(mostWaited, waiting.length);
          const batch = Math.min(commits, waiting.length);
          segment.batches.push({ endOffset: 0, events: batch, lastId: '1-0' });
          segment.confirmBatch();
          waiting.splice(0, batch);
          const [oldest] = waiting;
          if (oldest === undefined) expect(segment.oldestPendingAtMs).toBeNull();
          else {
            expect(segment.oldestPendingAtMs).toBeLessThanOrEqual(oldest);
            if (mostWaited < 60) expect(oldest - (segment.oldestPendingAtMs ?? 0)).toBeLessThan(50);
          }
        }
      }),
    );
  });

  it('is unknown for what another process has recorded', () => {
    const segment = new Segment('file');
    segment.events = 3;
    expect(segment.oldestPendingAtMs).toBe(0);
  });
});
