import { describe, expect, it } from '@jest/globals';
import type { Dialect, ModelProfileOverrides } from '@penstock/contracts';
import type { CanonicalPart, MediaPart, MediaSource, ToolResultPart } from '../canonical-part.ts';
import { prepareRequest } from './prepare-request.ts';
import { contextOf, requestOf } from './testing/prepare-fixture.test.ts';

const path = 'messages[0].content[1]';
const data = (mediaType: string): MediaSource => ({ kind: 'data', data: 'aGk=', mediaType });
const url = (address: string): MediaSource => ({ kind: 'url', url: address });
const file = (dialect: Dialect): MediaSource => ({ kind: 'file-id', id: 'file-1', dialect });
const media = (type: MediaPart['type'], source: MediaSource): MediaPart => ({ type, source, path });

function fit(part: CanonicalPart, upstream: Dialect, overrides: ModelProfileOverrides = {}) {
  const turns = [{ role: 'user', parts: [part] }] as const;
  return prepareRequest(requestOf({ turns }), contextOf(upstream, overrides)).request.turns[0]?.parts;
}

describe('media', () => {
  it.each<[Dialect, MediaPart, ModelProfileOverrides]>([
    ['openai-chat', media('image', url('https://a.example/x.png')), {}],
    ['anthropic', media('image', data('image/gif')), {}],
    ['gemini', media('image', url('gs://b/x.png')), {}],
    ['gemini', media('audio', data('audio/wav')), {}],
    ['bedrock-converse', media('image', url('s3://b/x.png')), {}],
    ['anthropic', media('document', url('https://a.example/x.pdf')), {}],
    ['anthropic', media('document', file('anthropic')), {}],
    ['openai-responses', media('image', file('openai-chat')), {}],
    ['openai-chat', media('document', file('openai-responses')), { documents: true }],
    ['openai-chat', media('audio', data('audio/wav')), { audioInput: true }],
  ])('go to %s: %j', (upstream, part, overrides) => {
    expect(fit(part, upstream, overrides)).toEqual([part]);
  });

  it.each<[Dialect, MediaPart, ModelProfileOverrides]>([
    ['openai-chat', media('image', data('image/png')), { images: 'none' }],
    ['openai-chat', media('image', data('image/png')), { images: 'url' }],
    ['gemini', media('image', url('https://a.example/x.png')), {}],
    ['gemini', media('image', data('image/gif')), {}],
    ['openai-chat', media('document', data('application/pdf')), {}],
    ['openai-chat', media('document', url('https://a.example/x.pdf')), { documents: true }],
    ['anthropic', media('document', data('application/msword')), {}],
    ['anthropic', media('audio', data('audio/wav')), {}],
    ['openai-chat', media('audio', url('https://a.example/x.wav')), { audioInput: true }],
    ['openai-responses', media('document', file('anthropic')), {}],
    ['anthropic', media('document', file('openai-responses')), {}],
    ['openai-chat', media('image', file('openai-responses')), {}],
    ['bedrock-converse', media('document', file('bedrock-converse')), {}],
  ])('are refused for %s: %j', (upstream, part, overrides) => {
    expect(() => fit(part, upstream, overrides)).toThrow(
      expect.objectContaining({ code: 'unsupported_content', status: 400, param: path }),
    );
  });

  it.each([
    ['image/jpg', 'image/jpeg'],
    ['PNG', 'image/png'],
    ['image/webp; q=1', 'image/webp'],
  ])('of type %s are %s', (given, expected) => {
    expect(fit(media('image', data(given)), 'anthropic')).toEqual([media('image', data(expected))]);
  });

  it('that are plain text are read, and told where no part is for them', () => {
    const part: MediaPart = { ...media('document', data('text/plain')), filename: 'a.txt' };
    expect(fit(part, 'anthropic')).toEqual([{ ...part, source: { kind: 'text', text: 'hi' } }]);
    expect(fit(part, 'openai-chat')).toEqual([{ type: 'text', text: 'a.txt\n\nhi', path }]);
  });
});

describe('media in the results of tools', () => {
  const image: MediaPart = { type: 'image', source: data('image/png') };
  const result = (callId: string, ...parts: ToolResultPart['parts']): ToolResultPart => ({
    type: 'tool-result',
    callId,
    name: 'look',
    parts,
    isError: false,
    path: 'messages[2]',
  });
  const call = (id: string) => ({ type: 'tool-call', id, name: 'look', arguments: '{}', kind: 'function' }) as const;
  const prepared = (upstream: Dialect, overrides: ModelProfileOverrides, ...results: ToolResultPart[]) => {
    const turns = [
      { role: 'assistant', parts: results.map(({ callId }) => call(callId)) },
      { role: 'user', parts: [...results, { type: 'text', text: 'and?' }] },
    ] as const;
    return prepareRequest(requestOf({ turns }), contextOf(upstream, overrides)).request.turns.at(-1)?.parts;
  };
  const text = (value: string) => ({ type: 'text', text: value }) as const;

  it('follow behind all results where these can only be text', () => {
    expect(prepared('openai-chat', {}, result('1', text('seen'), image), result('2', image))).toEqual([
      result('1', text('seen')),
      result('2', text('[The output is attached below.]')),
      text('Attached output of look (1):'),
      { ...image, path: 'messages[2]' },
      text('Attached output of look (2):'),
      { ...image, path: 'messages[2]' },
      text('and?'),
    ]);
  });

  it('stay where the vendor takes them', () => {
    expect(prepared('anthropic', {}, result('1', image))?.[0]).toEqual(result('1', { ...image, path: 'messages[2]' }));
  });

  it('are refused like any others, with the path of the result', () => {
    expect(() => prepared('openai-chat', { images: 'none' }, result('1', image))).toThrow(
      expect.objectContaining({ code: 'unsupported_content', param: 'messages[2]' }),
    );
  });
});
