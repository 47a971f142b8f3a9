import { describe, expect, it } from '@jest/globals';
import { scanGenerateRequest } from './scan-generate-request.ts';

const path = { model: 'm', stream: true };
const scan = (body: object) => scanGenerateRequest(Buffer.from(JSON.stringify(body)), path);

describe('scanGenerateRequest', () => {
  it.each([
    [{ maxOutputTokens: 12, candidateCount: 3 }, 12, 3],
    [{ max_output_tokens: 12, candidate_count: 3 }, 12, 3],
    [{}, null, 1],
    [{ maxOutputTokens: -1, candidateCount: 'many' }, null, 1],
  ])('reads the bounds of %j', (generationConfig, maxOutputTokens, choices) => {
    expect(scan({ contents: [], generationConfig })).toMatchObject({ ...path, maxOutputTokens, choices });
  });

  it('refuses a body without contents', () => {
    expect(() => scan({})).toThrow(expect.objectContaining({ code: 'missing_required_parameter', param: 'contents' }));
  });

  it('refuses a body in which a field stands twice', () => {
    expect(() => scanGenerateRequest(Buffer.from('{"contents":[],"contents":[]}'), path)).toThrow();
  });
});
