import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { checkRequestHead } from './request-head.ts';

const request = (overrides: Partial<IncomingMessage> = {}, rawHeaders: string[] = ['Host', 'gw']) =>
  ({ httpVersion: '1.1', url: '/v1/models', headers: { host: 'gw' }, rawHeaders, ...overrides }) as IncomingMessage;

const statusOf = (checked: IncomingMessage): number => {
  try {
    checkRequestHead(checked);
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
};

describe('checkRequestHead', () => {
  it.each(['gw', 'gw:8080', '127.0.0.1:1', '[::1]:8080', 'a_b.example'])('takes the host %s', (host) => {
    expect(statusOf(request({ headers: { host } }))).toBe(200);
  });

  it.each(['', 'a/b', 'gw:4000/#@attacker.example', 'a@b', 'a b', 'gw:999999', 'a,b'])(
    'refuses the host %j',
    (host) => {
      expect(statusOf(request({ headers: { host } }))).toBe(400);
    },
  );

  it.each(['Host', 'AUTHORIZATION', 'X-Api-Key', 'Content-Type'])('refuses a second %s', (name) => {
    expect(statusOf(request({}, ['Host', 'gw', name, 'a', name.toLowerCase(), 'b']))).toBe(400);
  });

  it('lets other headers stand twice', () => {
    expect(statusOf(request({}, ['Host', 'gw', 'Accept', 'a', 'Accept', 'b']))).toBe(200);
  });

  it.each([
    [{ httpVersion: '1.0' }, 505],
    [{ url: 'http://evil/v1' }, 400],
    [{ url: '*' }, 400],
    [{ url: `/${'a'.repeat(3000)}` }, 414],
  ])('answers %j with %i', (overrides, status) => expect(statusOf(request(overrides))).toBe(status));

  it('counts headers', () => {
    const many = Array.from({ length: 202 }, (_, index) => `h${index}`);
    expect(statusOf(request({}, many))).toBe(431);
  });
});
