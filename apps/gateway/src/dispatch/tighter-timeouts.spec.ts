import { describe, expect, it } from '@jest/globals';
import type { CompiledProxy } from '../config/compiled-config.ts';
import { tighterTimeouts } from './tighter-timeouts.ts';

const timeouts = { connectMs: 1, firstByteMs: 2, idleMs: 100, totalMs: 0 };
const within = (own: CompiledProxy['timeouts']) => tighterTimeouts({ timeouts }, { timeouts: own } as CompiledProxy);

describe('tighterTimeouts', () => {
  it('A5.8: takes the tighter bound, and 0 for none', () => {
    expect(within(null)).toBe(timeouts);
    expect(within({ idleMs: 50, totalMs: 900 })).toEqual({ ...timeouts, idleMs: 50, totalMs: 900 });
    expect(within({ idleMs: 500 })).toEqual(timeouts);
    expect(within({ idleMs: 0, totalMs: 0 })).toEqual(timeouts);
    expect(tighterTimeouts({ timeouts }, null)).toBe(timeouts);
  });
});
