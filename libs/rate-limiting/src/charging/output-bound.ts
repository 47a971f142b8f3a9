import type { Dialect, ModelProfile } from '@penstock/contracts';
import type { RouteTarget } from '@penstock/routing';

/** The most tokens that one answer of each target may have. */
export type OutputBounds = ReadonlyMap<RouteTarget, number>;

/** How a candidate is asked. */
export interface OutputTerms {
  readonly profile: ModelProfile;
  /** The dialect in which it is asked. */
  readonly dialect: Dialect;
  /** The request came in another dialect. */
  readonly translated: boolean;
  /** The caller wants the model to think. */
  readonly thinks: boolean;
}

/** The Responses API refuses a lower bound. */
const LEAST_OF_RESPONSES = 16;
/** What translation adds to the caller's bound for thinking, where the model's own bound is not known. */
const THINKING_TOKENS = 32_768;
/** What a usage event can hold. */
const MAX_TOKENS = 1_000_000_000;

/**
 * The most tokens that one answer of a candidate may have: what the caller asks for, up to what the model can give; of a request
 * without a bound what the model can give, and `fallback` where that is not known.
 */
export function outputBoundOf(asked: number | null, terms: OutputTerms, fallback: number): number {
  const { profile, dialect, translated } = terms;
  const most = profile.maxOutputTokens ?? MAX_TOKENS;
  const least = translated && dialect === 'openai-responses' ? LEAST_OF_RESPONSES : 1;
  return Math.max(least, Math.min(wishOf(asked, terms, fallback), most, MAX_TOKENS));
}

function wishOf(asked: number | null, { profile, dialect, translated, thinks }: OutputTerms, fallback: number): number {
  if (!translated || dialect !== 'anthropic') return asked ?? profile.maxOutputTokens ?? fallback;
  const wish = asked ?? profile.defaultMaxOutputTokens;
  // Claude thinks within its bound, so that translation raises it by what the model shall think.
  return thinks ? (profile.maxOutputTokens ?? Math.max(wish, THINKING_TOKENS) + wish) : wish;
}
