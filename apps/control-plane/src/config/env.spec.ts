import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from './env.ts';

const enough = {
  DATABASE_URL: 'postgresql://u:p@127.0.0.1:5432/penstock',
  REDIS_URL: 'redis://127.0.0.1:6379',
  PENSTOCK_MASTER_KEY: 'bWFzdGVy',
};

describe('the environment', () => {
  it('needs database, Redis and master key, and binds loopback', () => {
    expect(readConfig(enough)).toMatchObject({
      listen: { host: '127.0.0.1', port: 3000 },
      operations: { host: '127.0.0.1', port: 3001 },
      workerOperations: { host: '127.0.0.1', port: 3002 },
      usageRetentionDays: 90,
      firstOwner: undefined,
    });
  });

  it.each(['DATABASE_URL', 'REDIS_URL', 'PENSTOCK_MASTER_KEY'])('without %s is refused by name', (name) => {
    expect(() => readConfig({ ...enough, [name]: undefined })).toThrow(name);
    expect(() => readConfig({ ...enough, [name]: '' })).toThrow(ConfigError);
  });

  it.each([
    ['PENSTOCK_CONTROL_PLANE_PORT', '70000'],
    ['PENSTOCK_UPSTREAM_ALLOW_CIDRS', 'everything'],
    ['PENSTOCK_PUBLIC_URL', 'nowhere'],
    ['PENSTOCK_ADMIN_TOKEN', 'pat_guessable'],
    ['PENSTOCK_INTERNAL_TOKEN', 'easy-to-guess'],
    ['DATABASE_URL', 'mysql://secret-password@host/db'],
  ])('with a wrong %s is refused, without showing the value', (name, value) => {
    const read = () => readConfig({ ...enough, [name]: value });
    expect(read).toThrow(name);
    expect(read).not.toThrow(value);
  });

  it('makes the first owner of email and password together, never with a short password', () => {
    const email = { PENSTOCK_ADMIN_EMAIL: 'Admin@Example.com' };
    expect(() => readConfig({ ...enough, ...email })).toThrow(ConfigError);
    expect(() => readConfig({ ...enough, ...email, PENSTOCK_ADMIN_PASSWORD: 'short' })).toThrow(ConfigError);
    const { firstOwner } = readConfig({ ...enough, ...email, PENSTOCK_ADMIN_PASSWORD: 'long enough password' });
    expect(firstOwner).toEqual({ email: 'admin@example.com', password: 'long enough password' });
  });

  it('takes server and sender of e-mail together, and never shows the password', () => {
    const url = { PENSTOCK_SMTP_URL: 'smtps://user:secret-password@mail.example.com:465' };
    const from = { PENSTOCK_SMTP_FROM: 'Penstock <alerts@example.com>' };
    expect(readConfig({ ...enough, ...url, ...from }).smtp).toEqual({
      url: url.PENSTOCK_SMTP_URL,
      from: from.PENSTOCK_SMTP_FROM,
    });
    for (const wrong of [url, from, { ...from, PENSTOCK_SMTP_URL: 'https://user:secret-password@mail.example.com' }]) {
      const read = () => readConfig({ ...enough, ...wrong });
      expect(read).toThrow('PENSTOCK_SMTP_URL');
      expect(read).not.toThrow('secret-password');
    }
    expect(readConfig(enough).smtp).toBeUndefined();
  });
});
