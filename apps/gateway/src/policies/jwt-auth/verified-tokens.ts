import { hash } from 'node:crypto';
import type { KeySet } from './key-set.ts';
import type { ProvenCaller } from './proven-caller.ts';

/** That a token was verified, and until when that holds. */
export interface Verification {
  readonly caller: ProvenCaller;
  /** Epoch ms. */
  readonly notAfter: number;
  readonly keys: KeySet;
  readonly generation: number;
}

/** Tokens in use that are worth remembering, for each policy. */
const MAX_REMEMBERED = 2_000;

/** Tokens that were verified, by their SHA-256; no token is kept. Each holds until it expires or the keys of its issuer change. */
export class VerifiedTokens {
  readonly #verified = new Map<string, Verification>();

  /** `now`: epoch ms. */
  find(token: string, now: number): ProvenCaller | null {
    const name = hash('sha256', token, 'base64');
    const found = this.#verified.get(name);
    if (!found) return null;
    if (now < found.notAfter && found.keys.isCurrent(found.generation)) return found.caller;
    this.#verified.delete(name);
    return null;
  }

  remember(token: string, verification: Verification): void {
    const [oldest] = this.#verified.keys();
    if (this.#verified.size >= MAX_REMEMBERED && oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.set(hash('sha256', token, 'base64'), verification);
  }
}
