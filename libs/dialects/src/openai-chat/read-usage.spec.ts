import { describe, expect, it } from '@jest/globals';
import { readInputUsage, readUsage } from './read-usage.ts';

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
    for (const usage of ['{"prompt_tokens":4,"total_tokens":4}', '{"prompt_tokens":4}']) {
      const body = Buffer.from(`{"data":[],"usage":${usage}}`);
      expect(readInputUsage(body)).toMatchObject({ inputTokens: 4, outputTokens: 0 });
    }
  });

  it('tells the kinds that vendors price apart', () => {
    const usage = {
      prompt_tokens: 4000,
      completion_tokens: 300,
      total_tokens: 4300,
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 500, audio_tokens: 200, image_tokens: 800 },
      completion_tokens_details: {
        reasoning_tokens: 100,
        audio_tokens: 150,
        image_tokens: 40,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    };
    expect(read(JSON.stringify({ choices: [], usage }))).toEqual({
      inputTokens: 4000,
      outputTokens: 300,
      cachedInputTokens: 1000,
      reasoningTokens: 100,
      cacheWriteTokens: 500,
      audioInputTokens: 200,
      imageInputTokens: 800,
      audioOutputTokens: 150,
      imageOutputTokens: 40,
    });
  });

  it.each([
    [
      'a router before Anthropic',
      '{"prompt_tokens":5000,"completion_tokens":1,"total_tokens":5001,"prompt_tokens_details":{"audio_tokens":null,"cached_tokens":10,"cache_creation_tokens":4000,"cache_creation_token_details":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":3000}},"cache_creation_input_tokens":4000,"cache_read_input_tokens":10}',
      { inputTokens: 5000, cachedInputTokens: 10, cacheWriteTokens: 4000, longCacheWriteTokens: 3000 },
    ],
    [
      'Alibaba',
      '{"prompt_tokens":5000,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":0,"cache_creation_input_tokens":4000,"cache_creation":{"ephemeral_5m_input_tokens":4000},"cache_type":"ephemeral"}}',
      { inputTokens: 5000, cachedInputTokens: 0, cacheWriteTokens: 4000 },
    ],
    ['DeepSeek', '{"prompt_tokens":10,"completion_tokens":1,"prompt_cache_hit_tokens":8}', { cachedInputTokens: 8 }],
    ['Mistral', '{"prompt_tokens":10,"completion_tokens":1,"num_cached_tokens":4}', { cachedInputTokens: 4 }],
  ])('reads what %s calls them', (_name, usage, expected) => {
    expect(read(`{"usage":${usage}}`)).toMatchObject(expected);
  });

  it('adds no kind that is reported as none', () => {
    const usage =
      '{"prompt_tokens":8,"completion_tokens":9,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}';
    expect(read(`{"usage":${usage}}`)).toEqual({
      inputTokens: 8,
      outputTokens: 9,
      cachedInputTokens: 0,
      reasoningTokens: 0,
    });
  });

  it.each([
    '',
    'no json',
    '{"usage":null}',
    '{"usage":{}}',
    '{"usage":{"prompt_tokens":-1}}',
    '{"usage":{"prompt_tokens":4}}',
    '{"usage":{"prompt_tokens":4,"total_tokens":4}}',
    '{"a":1}',
    '{"usage":{',
  ])('finds none in %j', (text) => expect(read(text)).toBeNull());
});
