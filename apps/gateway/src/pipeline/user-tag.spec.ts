import { describe, expect, it } from '@jest/globals';
import { CHAT_RULES, scanRequest } from '@penstock/dialects';
import { userTagOf } from './user-tag.ts';

const tagOf = (user: unknown, header?: string) => {
  const body = Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], user }));
  const headers = header === undefined ? {} : { 'x-penstock-user': header };
  return userTagOf(headers, body, scanRequest(body, CHAT_RULES));
};

describe('userTagOf', () => {
  it('takes the header before the body', () => {
    expect([tagOf('body', 'header'), tagOf('body'), tagOf(undefined)]).toEqual(['header', 'body', null]);
    expect(tagOf('body', '   ')).toBe('body');
  });

  it('reads UTF-8 from a header', () => {
    expect(tagOf(undefined, Buffer.from('Jürgen 😀').toString('latin1'))).toBe('Jürgen 😀');
    expect(tagOf(undefined, 'J\u00fcrgen')).toBe('Jürgen');
  });

  it('trims, takes out control characters, and cuts after 128 characters', () => {
    expect(tagOf(' a\u0000\nb\u007f ')).toBe('ab');
    expect(tagOf('x'.repeat(500))).toBe('x'.repeat(128));
    const cut = tagOf(`${'x'.repeat(127)}😀`);
    expect([cut?.length, cut?.isWellFormed()]).toEqual([128, true]);
  });

  it.each([7, null, true, ['a'], { id: 'a' }, '', '  ', 'x'.repeat(3000)])('takes %j for no tag', (user) =>
    expect(tagOf(user)).toBeNull(),
  );
});
