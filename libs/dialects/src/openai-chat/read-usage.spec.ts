import { describe, expect, it } from '@jest/globals';
import { readUsage } from './read-usage.ts';

const read = (text: string) => readUsage(Buffer.from(text));

describe('readUsage', () => {
  it('finds the usage wherever it stands', () => {
    const expected = { inputTokens: 5, outputTokens: 7, cachedInputTokens: 2, reasoningTokens: 3 };
    const usage =
      '{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}';
    expect(read(`{"choices":[{"message":{"content":"\\"usage\\":{}"}}],"usage":${usage}}`)).toEqual(expected);
    expect(read(`{ "usage" : ${usage}, "choices":[] }`)).toEqual(expected);
  });

  it('prefers the outer usage to one within', () => {
    const text = '{"usage":{"prompt_tokens":1,"completion_tokens":2},"x":{"usage":{"other":1}}}';
    expect(read(text)).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  });

  it('takes embeddings, which have no completion', () => {
    expect(read('{"usage":{"prompt_tokens":4,"total_tokens":4}}')).toMatchObject({ inputTokens: 4, outputTokens: 0 });
  });

  it.each(['', 'no json', '{"usage":null}', '{"usage":{}}', '{"usage":{"prompt_tokens":-1}}', '{"a":1}', '{"usage":{'])(
    'finds none in %j',
    (text) => expect(read(text)).toBeNull(),
  );
});
