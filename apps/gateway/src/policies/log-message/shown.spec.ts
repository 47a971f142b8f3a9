import { describe, expect, it } from '@jest/globals';
import { boundedText, MAX_PAYLOAD_BYTES, shownHeaders } from './shown.ts';

describe('C log-message: what is shown', () => {
  it('masks headers that may open something, and leaves out those that are excluded', () => {
    const list = ['Authorization', 'Bearer s', 'X-Api-Key', 'k', 'Accept', 'a', 'accept', 'b', 'x-secretive', 's'];
    expect({ ...shownHeaders([...list, 'Host', 'h', 'x-ratelimit-limit-tokens', '5'], new Set(['host'])) }).toEqual({
      authorization: '[redacted]',
      'x-api-key': '[redacted]',
      accept: 'a, b',
      'x-secretive': '[redacted]',
      'x-ratelimit-limit-tokens': '5',
    });
  });

  it('ends a body at its bound without half a character', () => {
    expect(boundedText(Buffer.from('ä'))).toBe('ä');
    const text = boundedText(Buffer.from(`x${'ä'.repeat(MAX_PAYLOAD_BYTES)}`));
    expect(text).toBe(`x${'ä'.repeat((MAX_PAYLOAD_BYTES - 2) / 2)}…`);
  });
});
