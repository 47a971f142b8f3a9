import { describe, expect, it } from '@jest/globals';
import { matchPath } from './path-match.ts';

const entry = (path: string, ...methods: string[]) => ({
  path,
  methods: methods.length > 0 ? methods : ['*'],
  params: {},
});
const chat = { method: 'POST', paths: ['/chat/completions', '/v1/chat/completions'] };
const match = (entries: ReturnType<typeof entry>[], operation = chat) => matchPath(entries, operation)?.path;

describe('the paths of a policy', () => {
  it('A5: match exactly, by a beginning, or all', () => {
    expect(match([entry('/chat/completions')])).toBe('/chat/completions');
    expect(match([entry('/v1/chat/completions')])).toBe('/v1/chat/completions');
    expect(match([entry('/chat/*')])).toBe('/chat/*');
    expect(match([entry('/*')])).toBe('/*');
    expect(match([entry('/chat')])).toBeUndefined();
    expect(match([entry('/embeddings'), entry('/chatter*')])).toBeUndefined();
  });

  it('A5: the most specific one holds: concrete before wildcard, longer before shorter, fewer methods before more', () => {
    expect(match([entry('/*'), entry('/chat/*'), entry('/chat/completions')])).toBe('/chat/completions');
    expect(match([entry('/*'), entry('/chat/*')])).toBe('/chat/*');
    const narrow = entry('/chat/completions', 'POST');
    expect(matchPath([entry('/chat/completions'), narrow], chat)).toBe(narrow);
  });

  it('A5: holds for the methods that it names; all of them do not include HEAD', () => {
    expect(match([entry('/*', 'GET')])).toBeUndefined();
    expect(match([entry('/*')], { method: 'HEAD', paths: ['/models'] })).toBeUndefined();
  });

  it('A5: knows parameters by their place, not by their name', () => {
    const operation = { method: 'POST', paths: ['/models/{id}'] };
    expect(match([entry('/models/{model}')], operation)).toBe('/models/{model}');
  });
});
