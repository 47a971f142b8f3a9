/** UTF-8 bytes of a request per token of its input, until something is known of a model. */
const FIRST_GUESS = 3.5;
const LEAST = 1;
const MOST = 8;
/** What one request counts against all before it: after some 20 requests the first guess is forgotten. */
const WEIGHT = 0.05;
/** Below so many tokens a chat template outweighs the text. */
const MIN_TOKENS = 16;

/**
 * How many bytes a token of one model has, learned from what its upstream reports: an exponentially weighted mean, from 1 to 8.
 * A body with more than 8 bytes to a token holds media, whose bytes say nothing of text; it is not learned from.
 */
export class TokenRatio {
  #bytesPerToken = FIRST_GUESS;

  get bytesPerToken(): number {
    return this.#bytesPerToken;
  }

  /** About how many tokens a body of so many bytes has, rounded up. */
  estimate(bytes: number): number {
    return Math.ceil(Math.max(0, bytes) / this.#bytesPerToken);
  }

  /** Takes one request into account: its body's bytes, and its input tokens as they were reported. */
  learn(bytes: number, tokens: number): void {
    if (tokens < MIN_TOKENS || bytes > tokens * MOST) return;
    const sample = Math.max(LEAST, bytes / tokens);
    this.#bytesPerToken += WEIGHT * (sample - this.#bytesPerToken);
  }
}
