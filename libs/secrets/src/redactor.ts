import { PhraseIndex } from './phrase-index.ts';
import { Secret } from './secret.ts';
import { secretSpellings } from './secret-spellings.ts';

const REPLACEMENT = '[redacted]';
const MIN_SECRET_LENGTH = 6;
const MAX_SECRET_LENGTH = 64 * 1024;
const DEFAULT_MAX_SECRETS = 10_000;

/** Secrets that are told by their shape. The public beginning of Penstock's own keys stays, for support. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b((?:psk|pat)_[0-9A-Za-z]{12})_[0-9A-Za-z_]{8,}/g, `$1_${REPLACEMENT}`],
  [/\bsk-[0-9A-Za-z_-]{12,}/g, REPLACEMENT],
  [/\b(bearer)(\s+|%20|\+)(?!\[redacted\])[0-9A-Za-z._~+/%=-]{6,}/gi, `$1$2${REPLACEMENT}`],
];

/**
 * Scrubs secrets out of text on its way to a log or an error. Registered secrets are found as they are, percent-encoded, in
 * base64 and JSON-escaped; besides, whatever looks like a Penstock key, a vendor's `sk-` key or a bearer token goes.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  readonly #maxSecrets: number;
  #index: PhraseIndex | undefined = new PhraseIndex();

  /** Beyond `maxSecrets` (10,000 by default) the secret that was registered longest ago is forgotten. */
  constructor(options: { readonly maxSecrets?: number } = {}) {
    this.#maxSecrets = options.maxSecrets ?? DEFAULT_MAX_SECRETS;
  }

  /**
   * From now on the secret is scrubbed. Of `Bearer x` the token alone is registered too. False for a secret of less than 6
   * or more than 65,536 characters: it is not registered, since it would garble harmless text or cost too much.
   */
  register(secret: string | Secret): boolean {
    const value = (secret instanceof Secret ? secret.reveal() : secret).trim();
    if (value.length < MIN_SECRET_LENGTH || value.length > MAX_SECRET_LENGTH) return false;
    this.#secrets.delete(value);
    this.#secrets.add(value);
    const [oldest] = this.#secrets;
    if (this.#secrets.size > this.#maxSecrets && oldest !== undefined) this.#secrets.delete(oldest);
    this.#index = undefined;
    const token = /^(?:bearer|basic|token)\s+(.+)$/is.exec(value)?.[1];
    if (token !== undefined) this.register(token);
    return true;
  }

  /** Replaces the registered secrets, as when a new snapshot is applied. */
  replaceAll(secrets: Iterable<string | Secret>): void {
    this.#secrets.clear();
    this.#index = undefined;
    for (const secret of secrets) this.register(secret);
  }

  /** The text with every secret replaced by `[redacted]`. Takes time linear in the text, whatever is registered. */
  redact(text: string): string {
    this.#index ??= indexOf(this.#secrets);
    let result = this.#index.replaceAll(text, REPLACEMENT);
    for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
    return result;
  }
}

function indexOf(secrets: Iterable<string>): PhraseIndex {
  const index = new PhraseIndex();
  for (const secret of secrets) {
    for (const spelling of secretSpellings(secret)) index.add(spelling);
  }
  return index;
}
