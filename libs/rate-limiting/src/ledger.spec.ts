import { describe, it } from '@jest/globals';
import { checkLedger } from './ledger-conformance.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';

describe('a ledger in memory', () => {
  it.each(['calendar', 'rolling'] as const)(
    'agrees with its model, whatever happens in whatever order: %s',
    async (alignment) => {
      let nowMs = Date.UTC(2026, 0, 1);
      const limiter = new MemoryRateLimiter({ clock: { now: () => nowMs }, share: () => 1, leaseMs: 1_000 });
      const expire = async (): Promise<void> => {
        nowMs += 1_000;
      };
      await checkLedger({ lasting: limiter, shortLived: limiter, expire }, alignment, 300);
    },
  );
});
