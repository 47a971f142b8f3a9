import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAdminToken, hashAdminToken, parseAdminToken } from './admin-token.ts';
import { deriveKeys } from './master-key.ts';
import { createVirtualKey, hashVirtualKey, parseVirtualKey } from './virtual-key.ts';

const keys = deriveKeys(Buffer.alloc(32, 7).toString('base64'));
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split('');
const randomness = fc.uint8Array({ minLength: 32, maxLength: 32 });
const from = (bytes: Uint8Array) => (size: number) => bytes.subarray(0, size);

describe('a virtual key', () => {
  it('has an id of 12, a secret of 43 and a checksum of 6 base62 characters, whatever the randomness', () => {
    fc.assert(
      fc.property(randomness, (bytes) => {
        const created = createVirtualKey(from(bytes));
        expect(created.key).toMatch(/^psk_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
        expect(created.prefix).toBe(`psk_${created.id}`);
        expect(created.key.endsWith(created.lastFour)).toBe(true);
        expect(parseVirtualKey(created.key)).toEqual({
          id: created.id,
          prefix: created.prefix,
          lastFour: created.lastFour,
        });
      }),
    );
  });

  it('is different each time', () => {
    const made = Array.from({ length: 1000 }, () => createVirtualKey());
    expect(new Set(made.map(({ key }) => key)).size).toBe(1000);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1000);
  });

  it('is not accepted after any change of a single character', () => {
    const position = fc.nat({ max: 66 });
    const character = fc.oneof(fc.constantFrom(...BASE62), fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }));
    fc.assert(
      fc.property(randomness, position, character, (bytes, at, replacement) => {
        const { key } = createVirtualKey(from(bytes));
        fc.pre(key.charAt(at) !== replacement);
        expect(parseVirtualKey(key.slice(0, at) + replacement + key.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('is not accepted with two neighbours swapped', () => {
    fc.assert(
      fc.property(randomness, fc.nat({ max: 65 }), (bytes, at) => {
        const { key } = createVirtualKey(from(bytes));
        fc.pre(key.charAt(at) !== key.charAt(at + 1));
        const swapped = key.slice(0, at) + key.charAt(at + 1) + key.charAt(at) + key.slice(at + 2);
        expect(parseVirtualKey(swapped)).toBeUndefined();
      }),
    );
  });

  it('is told from anything else without an exception', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseVirtualKey(value) === undefined));
    const { key } = createVirtualKey();
    for (const other of [
      `${key}\n`,
      ` ${key}`,
      key.toUpperCase(),
      '',
      'psk_',
      `${key}${key}`,
      createAdminToken().key,
    ]) {
      expect(parseVirtualKey(other)).toBeUndefined();
    }
  });

  it('is kept as the HMAC-SHA256 of the whole key under the pepper', () => {
    const { key } = createVirtualKey();
    const expected = createHmac('sha256', keys.virtualKeyPepper.export()).update(key).digest('base64url');
    expect(hashVirtualKey(key, keys.virtualKeyPepper)).toBe(expected);
    expect(expected).toHaveLength(43);
    const others = deriveKeys(Buffer.alloc(32, 8).toString('base64'));
    expect(hashVirtualKey(key, others.virtualKeyPepper)).not.toBe(expected);
  });
});

describe('an admin token', () => {
  it('has the same shape under its own scheme', () => {
    const { key, id } = createAdminToken();
    expect(key).toMatch(/^pat_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(parseAdminToken(key)?.id).toBe(id);
    expect(parseAdminToken(createVirtualKey().key)).toBeUndefined();
    expect(hashAdminToken(key, keys.virtualKeyPepper)).toHaveLength(43);
  });
});
