import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { encodeBase62 } from './base62.ts';

/** Gives `size` random bytes; it must be cryptographically strong outside of tests. */
export type RandomBytes = (size: number) => Uint8Array;

/** A key that was just made. `key` is shown once and then only its keyed hash is kept. */
export interface CreatedKey {
  /** Public: 12 base62 characters. */
  readonly id: string;
  readonly key: string;
  /** Public beginning of the key, for lists: `psk_<id>`. */
  readonly prefix: string;
  readonly lastFour: string;
}

/** What may be known and shown of a well-formed key. */
export type ParsedKey = Omit<CreatedKey, 'key'>;

/**
 * One kind of key: `<scheme>_<id>_<secret>_<checksum>` with 12, 43 and 6 base62 characters. The secret holds 256 bits; the
 * checksum is the CRC-32 of all before it, so that a mistyped key is told from an unknown one without looking it up, and
 * secret scanners can verify a find offline.
 */
export class KeyFormat {
  readonly #scheme: string;
  readonly #pattern: RegExp;
  readonly #length: number;

  constructor(scheme: string) {
    this.#scheme = scheme;
    this.#pattern = new RegExp(`^(${scheme}_([0-9A-Za-z]{12}))_[0-9A-Za-z]{43}_([0-9A-Za-z]{6})$`);
    this.#length = scheme.length + 64;
  }

  create(random: RandomBytes = randomBytes): CreatedKey {
    // 71 and 256 bits are the most that 12 and 43 characters hold without a bias.
    const id = encodeBase62(toBigInt(random(9)) >> 1n, 12);
    const secret = encodeBase62(toBigInt(random(32)), 43);
    const prefix = `${this.#scheme}_${id}`;
    const body = `${prefix}_${secret}`;
    const key = `${body}_${checksum(body)}`;
    return { id, key, prefix, lastFour: key.slice(-4) };
  }

  /** Undefined for anything that is not a key of this kind with a right checksum; never throws. */
  parse(text: unknown): ParsedKey | undefined {
    if (typeof text !== 'string' || text.length !== this.#length) return undefined;
    const [, prefix, id, sum] = this.#pattern.exec(text) ?? [];
    if (prefix === undefined || id === undefined || sum !== checksum(text.slice(0, -7))) return undefined;
    return { id, prefix, lastFour: text.slice(-4) };
  }
}

function checksum(text: string): string {
  return encodeBase62(BigInt(crc32(text)), 6);
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
