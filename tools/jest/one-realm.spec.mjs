import fs from 'node:fs';
import { describe, expect, it } from '@jest/globals';

function thrownBy(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('instanceof in tests', () => {
  it('knows the errors that Node makes', () => {
    expect(thrownBy(() => fs.readFileSync('/no/such/file')) instanceof Error).toBe(true);
    expect(thrownBy(() => new URL('no url')) instanceof TypeError).toBe(true);
    expect(AbortSignal.abort().reason instanceof Error).toBe(true);
  });

  it('still tells errors apart', () => {
    class Refusal extends Error {}
    expect(new Refusal('no') instanceof Error).toBe(true);
    expect(new Refusal('no') instanceof Refusal).toBe(true);
    expect(new Error('no') instanceof Refusal).toBe(false);
    expect(new Error('no') instanceof TypeError).toBe(false);
    expect({ message: 'no' } instanceof Error).toBe(false);
  });
});
