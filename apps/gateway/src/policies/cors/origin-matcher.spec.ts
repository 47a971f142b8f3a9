import { describe, expect, it } from '@jest/globals';
import { originMatcher } from './origin-matcher.ts';

describe('C cors: an origin', () => {
  const allows = originMatcher(['https://app.example', '^https://[a-z]+\\.example\\.com']);

  it('is allowed by its name, without case', () => {
    expect(['https://app.example', 'https://APP.example', 'http://app.example'].map(allows)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is allowed by a pattern only as a whole', () => {
    expect(['https://a.example.com', 'https://a.example.com.evil.com', 'https://a1.example.com'].map(allows)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is not looked at when it is longer than any origin', () => {
    expect(originMatcher(['^.*'])(`https://${'a'.repeat(600)}`)).toBe(false);
  });
});
