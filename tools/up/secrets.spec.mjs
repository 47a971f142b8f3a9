import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSecrets } from './secrets.mjs';

let data;
beforeEach(() => {
  data = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-secrets-'));
});
afterEach(() => fs.rmSync(data, { recursive: true, force: true }));

describe('the secrets of an installation', () => {
  it('are made once, readable by their owner only, with a master key of 32 bytes', () => {
    const { secrets } = openSecrets(data);
    expect(Buffer.from(secrets.masterKey, 'base64')).toHaveLength(32);
    expect(fs.statSync(path.join(data, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(openSecrets(data).secrets).toEqual(secrets);
  });

  it('keep what is added to them', () => {
    openSecrets(data).save({ virtualKey: 'psk_1' });
    expect(openSecrets(data).secrets.virtualKey).toBe('psk_1');
  });

  it('are not replaced when their file is damaged', () => {
    fs.writeFileSync(path.join(data, 'secrets.json'), '{');
    expect(() => openSecrets(data)).toThrow('restore it, or start afresh with --reset');
  });
});
