import { describe, expect, it } from '@jest/globals';
import { hashPassword, verifyPassword } from './password-hash.ts';

describe('a password hash', () => {
  it('is argon2id at the cost that OWASP asks for, with a salt of its own', async () => {
    const [first, second] = await Promise.all([hashPassword('hunter2 hunter2'), hashPassword('hunter2 hunter2')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.toBe(second);
  });

  it('fits its password alone', async () => {
    const hash = await hashPassword('correct horse');
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct horsE', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it('of another kind is refused', async () => {
    await expect(verifyPassword('x', '$2b$10$abc')).rejects.toThrow(RangeError);
  });
});
