import { describe, expect, it } from '@jest/globals';
import { UpstreamFaultError } from '@penstock/dialects';
import { CHAT_SURFACE } from '../endpoints/surfaces/openai-surfaces.ts';
import { passThroughReader } from './whole-answer.ts';

const answer = Buffer.from('{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}');
const fault = Buffer.from('{"error":{"message":"m","type":"rate_limit_error"}}');

describe('a whole answer that passes through', () => {
  it('keeps its bytes, and tells what it used', () => {
    const read = passThroughReader(CHAT_SURFACE, false)(answer);
    expect(read.body).toBe(answer);
    expect(read.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  });

  it('is no answer to who asked for a stream, and would look like an empty one', () => {
    expect(() => passThroughReader(CHAT_SURFACE, true)(answer)).toThrow(/asked for a stream/);
  });

  it.each([false, true])('is the error that it tells of, stream or not (%p)', (stream) => {
    expect(() => passThroughReader(CHAT_SURFACE, stream)(fault)).toThrow(UpstreamFaultError);
  });
});
