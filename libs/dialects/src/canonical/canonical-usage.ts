/**
 * Tokens of one answer, each counted once: `inputUncached`, `cacheRead` and the two `cacheWrite` add up to the whole input;
 * `reasoning` is a part of `output`. Absent: not reported. Values are absolute; of two reports the later one holds, field by field.
 */
export interface CanonicalUsage {
  readonly inputUncached: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning?: number;
  /** Parts of the whole input and of `output` by what they are made of, those from the cache included. */
  readonly audioInput?: number;
  readonly audioOutput?: number;
  readonly imageInput?: number;
  readonly imageOutput?: number;
  /** Parts of `cacheRead`, where a vendor tells them: audio and images from the cache cost what the cache costs. */
  readonly audioCacheRead?: number;
  readonly imageCacheRead?: number;
}

export const NO_USAGE: CanonicalUsage = { inputUncached: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };

/** The whole input: cached, written to the cache, and neither. */
export function inputTokensOf(usage: CanonicalUsage): number {
  return usage.inputUncached + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}
