import { cosine } from '../../embeddings/unit-vector.ts';
import type { KeptVector } from './similar-answer-store.ts';

/** What float32 loses: a text is as near to itself as can be. */
const ROUNDING = 1e-6;

/** The kept vector that is nearest, if it is near enough; of several as near as one another the first. */
export function nearest(vector: Float32Array, kept: readonly KeptVector[], threshold: number): KeptVector | null {
  let best: KeptVector | null = null;
  let most = threshold - ROUNDING;
  for (const one of kept) {
    const similarity = cosine(vector, one.vector);
    if (similarity < most || (best && similarity === most)) continue;
    best = one;
    most = similarity;
  }
  return best;
}
