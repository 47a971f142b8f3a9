import { describe, expect, it } from '@jest/globals';
import { deriveKeys } from './master-key.ts';
import { signSnapshot, verifySnapshot } from './snapshot-signature.ts';

const keys = deriveKeys(Buffer.alloc(32, 7).toString('base64'));
const version = { revision: 12, checksum: 'a'.repeat(64) };

describe("a snapshot's signature", () => {
  it('holds for its revision and checksum under the same key only', () => {
    const signature = signSnapshot(version, keys);
    expect(verifySnapshot({ ...version, signature }, keys)).toBe(true);
    expect(verifySnapshot({ ...version, revision: 13, signature }, keys)).toBe(false);
    expect(verifySnapshot({ ...version, checksum: 'b'.repeat(64), signature }, keys)).toBe(false);
    expect(verifySnapshot({ ...version, signature }, deriveKeys(Buffer.alloc(32, 8).toString('base64')))).toBe(false);
  });

  it.each(['', 'x', 'a'.repeat(43), 'a'.repeat(10_000)])('is wrong, not an exception, for other text', (signature) => {
    expect(verifySnapshot({ ...version, signature }, keys)).toBe(false);
  });
});
