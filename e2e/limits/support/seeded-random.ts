/** Numbers from 0 up to 1, exclusive: the same row for the same seed (Tommy Ettinger's mulberry32, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`, inclusive. */
export function between(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** PENSTOCK_LIMITS_SEED repeats a run as far as the machine does. */
export function chooseSeed(): number {
  return Number(process.env['PENSTOCK_LIMITS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}
