import type { Admission } from './admit.ts';

/**
 * What models generate in a second, taken for output that nobody saw: about what large ones reach. Where no hard limit asks for
 * the most, an estimate that is right on average serves better than one that is always too high.
 */
const TOKENS_PER_SECOND = 50;

/** Where something was asked. */
export interface AskedModel {
  readonly providerId: string | undefined;
  readonly modelId: string;
}

/** The most tokens that a request's answers can have at a model that was told its bound; null: it was told none. */
export function outputBoundAt(
  { outputBounds, answers, most }: Pick<Admission, 'outputBounds' | 'answers' | 'most'>,
  { providerId, modelId }: AskedModel,
): number | null {
  if (!outputBounds || !most) return null;
  let found = -1;
  for (const [target, bound] of outputBounds) {
    if (target.providerId === providerId && target.modelId === modelId) found = Math.max(found, bound * answers);
  }
  return found < 0 ? most.usage.outputTokens : found;
}

/**
 * Tokens that an upstream may have generated in so many milliseconds while nobody saw them. Under a hard limit all that it was
 * allowed: who leaves early must not get by cheaper than who stays. Else by the time, up to what was expected.
 */
export function unseenOutput(admission: Admission, model: AskedModel, milliseconds: number): number {
  const bound = outputBoundAt(admission, model);
  if (bound !== null) return bound;
  const generated = Math.ceil((Math.max(0, milliseconds) * TOKENS_PER_SECOND) / 1000);
  return Math.min(admission.expectation.usage.outputTokens, generated);
}
