import { describe, expect, it } from '@jest/globals';
import { readResponsesUsage } from './read-usage.ts';

const read = (text: string) => readResponsesUsage(Buffer.from(text));

describe('readResponsesUsage', () => {
  it('reads the usage of the answer and no other', () => {
    const usage = '{"input_tokens":5,"output_tokens":7,"input_tokens_details":{"cached_tokens":2}}';
    const tools = '[{"parameters":{"usage":{"input_tokens":0,"output_tokens":0}}}]';
    const expected = { inputTokens: 5, outputTokens: 7, cachedInputTokens: 2, reasoningTokens: 0 };
    expect(read(`{"usage":${usage},"tools":${tools}}`)).toEqual(expected);
    expect(read(`{"tools":${tools},"usage":${usage}}`)).toEqual(expected);
  });

  it('never counts more cached tokens than there are', () => {
    const details = '"input_tokens_details":{"cached_tokens":9,"cache_write_tokens":9}';
    expect(read(`{"usage":{"input_tokens":5,"output_tokens":0,${details}}}`)).toMatchObject({
      inputTokens: 5,
      cachedInputTokens: 5,
    });
  });

  it('tells what was written to the cache, images and audio', () => {
    const usage = {
      input_tokens: 328,
      input_tokens_details: { cached_tokens: 28, cache_write_tokens: 100, image_tokens: 150, audio_tokens: 5 },
      output_tokens: 60,
      output_tokens_details: { reasoning_tokens: 20, image_tokens: 30, audio_tokens: 4 },
      total_tokens: 388,
    };
    expect(read(JSON.stringify({ object: 'response', usage }))).toEqual({
      inputTokens: 328,
      outputTokens: 60,
      cachedInputTokens: 28,
      reasoningTokens: 20,
      cacheWriteTokens: 100,
      imageInputTokens: 150,
      audioInputTokens: 5,
      imageOutputTokens: 30,
      audioOutputTokens: 4,
    });
  });

  it.each([
    '',
    'no json',
    '[]',
    '{}',
    '{"usage":null}',
    '{"usage":{"input_tokens":-1}}',
    '{"usage":{"output_tokens":1}}',
  ])('finds none in %j', (text) => expect(read(text)).toBeNull());
});
