import { describe, expect, it } from '@jest/globals';
import { dropReasoning, refusesReasoning } from './drop-reasoning.ts';

describe('dropReasoning', () => {
  it('leaves everything else as it was', () => {
    const text =
      '{"input":[{"type":"reasoning","encrypted_content":"x"},{"type":"message","n":12345678901234567890}],"m":1.0}';
    expect(dropReasoning(Buffer.from(text))?.toString()).toBe(
      '{"input":[{"type":"message","n":12345678901234567890}],"m":1.0}',
    );
  });

  it.each(['{"input":"hi"}', '{"input":[{"type":"message"}]}'])('has nothing to drop in %s', (text) => {
    expect(dropReasoning(Buffer.from(text))).toBeNull();
  });
});

describe('refusesReasoning', () => {
  it.each([
    [400, '{"error":{"code":"invalid_encrypted_content"}}', true],
    [400, 'The encrypted content gAAA could not be verified.', true],
    [400, '{"error":{"code":"invalid_value"}}', false],
    [500, 'invalid_encrypted_content', false],
  ])('%i %s: %p', (status, body, expected) => {
    expect(refusesReasoning(status, body)).toBe(expected);
  });
});
