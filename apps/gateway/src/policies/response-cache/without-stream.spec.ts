import { describe, expect, it } from '@jest/globals';
import { CHAT_RULES, scanRequest } from '@penstock/dialects';
import { withoutStream } from './without-stream.ts';

const without = (text: string): string => {
  const body = Buffer.from(text);
  return withoutStream(body, scanRequest(body, CHAT_RULES)).toString();
};

describe('the body without its member stream', () => {
  it.each([
    ['{"model":"m","messages":[1],"stream":false}', '{"model":"m","messages":[1]}'],
    ['{"stream": false , "model":"m","messages":[1]}', '{ "model":"m","messages":[1]}'],
    ['{"model":"m", "stream":false, "messages":[1]}', '{"model":"m", "messages":[1]}'],
    ['{"model":"m","messages":[1]}', '{"model":"m","messages":[1]}'],
  ])('makes %s the same as %s', (body, expected) => {
    expect(without(body)).toBe(expected);
  });

  it('leaves the word alone where it is the text of somebody', () => {
    const body = String.raw`{"model":"m","messages":[{"role":"user","content":",\"stream\":false"}]}`;
    expect(without(body)).toBe(body);
  });
});
