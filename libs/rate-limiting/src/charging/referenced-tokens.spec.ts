import { describe, expect, it } from '@jest/globals';
import { referencedTokens } from './referenced-tokens.ts';

const tokensOf = (...content: readonly unknown[]) =>
  referencedTokens(Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }] })));

describe('referencedTokens', () => {
  it.each([
    ['a URL of Chat', { type: 'image_url', image_url: { url: 'https://x/a.png' } }],
    ['a URL of Responses', { type: 'input_image', image_url: 'https://x/a.png' }],
    ['a URL of Messages', { type: 'image', source: { type: 'url', url: 'https://x/a.png' } }],
    ['a stored image', { type: 'image', source: { type: 'file', file_id: 'f1' } }],
    ['a URI of Gemini', { fileData: { mimeType: 'image/png', fileUri: 'gs://x' } }],
  ])('bounds an image by %s', (_name, part) => expect(tokensOf(part)).toBe(49_000));

  it.each([
    ['a document of Messages', { type: 'document', source: { type: 'url', url: 'https://x/a.pdf' } }],
    ['a file of Chat', { type: 'file', file: { file_id: 'f1' } }],
    ['a file of Responses', { type: 'input_file', file_url: 'https://x/a.pdf' }],
    ['a film of vLLM', { type: 'video_url', video_url: { url: 'https://x/a.mp4' } }],
    ['a film of Gemini', { file_data: { mime_type: 'video/mp4', file_uri: 'gs://x' } }],
  ])('takes %s for as long as the largest context', (_name, part) => expect(tokensOf(part)).toBe(1_000_000));

  it.each([
    ['an image in the body', { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
    ['base64 of Messages', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
    ['a file in the body', { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' } }],
    ['text that speaks of a "url"', { type: 'text', text: '"url" https://x/a.png' }],
    ['arguments of a call', { type: 'tool_use', id: 't', name: 'fetch', input: { url: 'https://x' } }],
  ])('counts nothing beyond the bytes for %s', (_name, part) => expect(tokensOf(part)).toBe(0));

  it('counts each, also within results of tools', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://x/a.png' } };
    expect(tokensOf(image, { type: 'tool_result', tool_use_id: 't', content: [image, image] })).toBe(147_000);
  });

  it('is not misled by escapes', () => {
    const body = String.raw`{"messages":[{"content":[{"type":"image_u\u0072l","image_u\u0072l":{"\u0075rl":"https://x"}}]}]}`;
    expect(referencedTokens(Buffer.from(body))).toBe(49_000);
  });
});
