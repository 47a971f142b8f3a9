import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fingerprint } from './fingerprint.ts';
import { deriveKeys, MasterKeyError, parseMasterKey } from './master-key.ts';
import { readSecret, SecretSourceError } from './read-secret.ts';

const masterKey = Buffer.alloc(32, 7).toString('base64');
const readText = (file: string): string => readFileSync(file, 'utf8');

describe('the master key', () => {
  it('gives the same keys each time, and another one for each purpose', () => {
    const first = deriveKeys(masterKey);
    const again = deriveKeys(` ${masterKey}\n`);
    const exported = [
      first.virtualKeyPepper,
      first.credentialKey,
      first.snapshotKey,
      first.sessionKey,
      first.fingerprintKey,
    ].map((key) => key.export().toString('hex'));
    expect(new Set(exported).size).toBe(5);
    expect(again.sessionKey.equals(first.sessionKey)).toBe(true);
    expect(again.credentialKeyId).toBe(first.credentialKeyId);
    expect(deriveKeys(Buffer.alloc(32, 8).toString('base64')).credentialKeyId).not.toBe(first.credentialKeyId);
  });

  it.each([
    ['missing', undefined, 'is missing'],
    ['empty', '  ', 'is missing'],
    ['short', Buffer.alloc(31, 7).toString('base64'), 'has 31 bytes instead of 32'],
    ['long', Buffer.alloc(33, 7).toString('base64'), 'has 33 bytes instead of 32'],
    ['not base64', 'correct horse battery staple !!', 'is not base64'],
  ])('is refused in one clear sentence when it is %s', (_case, text, message) => {
    expect(() => parseMasterKey(text)).toThrow(MasterKeyError);
    expect(() => deriveKeys(text)).toThrow(message);
  });

  it('never stands in the message that refuses it', () => {
    const short = 'c2hvcnQta2V5LXRoYXQtaXMtc2VjcmV0';
    expect(() => parseMasterKey(short)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(short) }),
    );
  });
});

describe('a secret of the environment', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'penstock-secret-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('comes from the variable or from the file that the variable with _FILE names', () => {
    const file = path.join(folder, 'token');
    writeFileSync(file, 'from-file\n');
    expect(readSecret({ TOKEN: 'direct' }, 'TOKEN', readText)).toBe('direct');
    expect(readSecret({ TOKEN_FILE: file }, 'TOKEN', readText)).toBe('from-file');
    expect(readSecret({ TOKEN: '', TOKEN_FILE: file }, 'TOKEN', readText)).toBe('from-file');
    expect(readSecret({ TOKEN: '' }, 'TOKEN', readText)).toBeUndefined();
    expect(readSecret({}, 'TOKEN', readText)).toBeUndefined();
  });

  it('is refused when both are set or the file is not there', () => {
    expect(() => readSecret({ TOKEN: 'a', TOKEN_FILE: 'b' }, 'TOKEN', readText)).toThrow(
      'Set TOKEN or TOKEN_FILE, not both.',
    );
    expect(() => readSecret({ TOKEN_FILE: path.join(folder, 'absent') }, 'TOKEN', readText)).toThrow(SecretSourceError);
  });
});

describe('a fingerprint', () => {
  it('is the same for the same secret and tells nothing without the key', () => {
    const keys = deriveKeys(masterKey);
    expect(fingerprint('hunter2', keys)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint('hunter2', keys)).toBe(fingerprint('hunter2', keys));
    expect(fingerprint('hunter3', keys)).not.toBe(fingerprint('hunter2', keys));
    expect(fingerprint('hunter2', deriveKeys(Buffer.alloc(32, 8).toString('base64')))).not.toBe(
      fingerprint('hunter2', keys),
    );
  });
});
