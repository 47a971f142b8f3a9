import { describe, expect, it } from '@jest/globals';
import { transcodeEmbeddings } from '@penstock/dialects';
import { readGoldenVectors } from '../testing/read-golden-vectors.ts';

describe('an answer with embeddings', () => {
  it.each(readGoldenVectors('embeddings'))('$id: $title', ({ request, input, expected }) => {
    const wanted = request['encoding_format'] === 'base64' ? 'base64' : 'float';
    expect(JSON.parse(JSON.stringify(transcodeEmbeddings(input, wanted)))).toEqual(expected);
  });
});
