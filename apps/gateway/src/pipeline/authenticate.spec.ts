import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hashVirtualKey } from '@penstock/secrets';
import type { CompiledConfig, CompiledKey } from '../config/compiled-config.ts';
import { authenticate } from './authenticate.ts';

const pepper = createSecretKey(Buffer.alloc(32, 1));
const key = { name: 'app' } as CompiledKey;
const config = {
  keysByHash: new Map([
    [hashVirtualKey('secret', pepper), { key, expiresAt: Infinity }],
    [hashVirtualKey('old', pepper), { key, expiresAt: 1000 }],
  ]),
  rememberedHashes: new Map(),
} as unknown as CompiledConfig;

const attempt = (headers: Record<string, string>, now = 1000): string => {
  try {
    return authenticate(headers, config, { pepper, now: () => now }).name;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('authenticate', () => {
  it.each([
    [{ authorization: 'Bearer secret' }, 'app'],
    [{ authorization: 'bEaReR   secret' }, 'app'],
    [{ 'x-api-key': 'secret' }, 'app'],
    [{ 'api-key': 'secret' }, 'app'],
    [{ 'x-goog-api-key': 'secret' }, 'app'],
    [{ authorization: 'Bearer secret', 'x-api-key': 'secret' }, 'app'],
    [{ authorization: 'Bearer secret', 'x-api-key': 'other' }, 'ambiguous_credentials'],
    [{ authorization: 'Basic x', 'x-api-key': 'secret' }, 'ambiguous_credentials'],
    [{ 'api-key': 'a', 'x-api-key': 'b' }, 'ambiguous_credentials'],
    [{}, 'missing_api_key'],
    [{ authorization: '' }, 'missing_api_key'],
    [{ authorization: 'Bearer' }, 'missing_api_key'],
    [{ authorization: 'Bearer x' }, 'invalid_api_key'],
    [{ authorization: 'Basic secret' }, 'invalid_api_key'],
    [{ authorization: 'secret' }, 'invalid_api_key'],
    [{ 'x-api-key': `secret${' '.repeat(10_000)}` }, 'invalid_api_key'],
    [{ 'x-api-key': 'old' }, 'invalid_api_key'],
  ])('reads %j as %s', (headers, result) => {
    expect(attempt(headers as Record<string, string>)).toBe(result);
    // Also once its hash is remembered.
    expect(attempt(headers as Record<string, string>)).toBe(result);
  });

  it('does not look at headers that hold something else', () => {
    const read = (headers: Record<string, string>, notKeys: readonly string[]) => {
      try {
        return authenticate(headers, config, { pepper, now: () => 1000 }, notKeys).name;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    const both = { authorization: 'Bearer token', 'x-api-key': 'secret' };
    expect(read(both, [])).toBe('ambiguous_credentials');
    expect(read(both, ['authorization'])).toBe('app');
    expect(read(both, ['x-api-key'])).toBe('invalid_api_key');
    expect(read(both, ['authorization', 'x-api-key'])).toBe('missing_api_key');
  });

  it('lets a key expire', () => {
    expect([attempt({ 'x-api-key': 'old' }, 999), attempt({ 'x-api-key': 'old' }, 1000)]).toEqual([
      'app',
      'invalid_api_key',
    ]);
  });

  it('remembers only what is a key, and no credential', () => {
    attempt({ 'x-api-key': 'nonsense' });
    expect(config.rememberedHashes.size).toBe(2);
    expect(JSON.stringify([...config.rememberedHashes])).not.toMatch(/"(secret|old|nonsense)"/);
  });
});
