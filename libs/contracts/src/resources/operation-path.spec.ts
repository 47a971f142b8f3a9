import { describe, expect, it } from '@jest/globals';
import { AccessControl } from './llm-provider.ts';

const accepts = (path: string): boolean =>
  AccessControl.safeParse({ mode: 'deny_all', exceptions: [{ path, methods: ['POST'] }] }).success;

describe('paths of access control', () => {
  it.each([
    '/',
    '/*',
    '/chat/*',
    '/chat/completions',
    '/chat/comp*',
    '/v1beta/models/{model}:generateContent',
    '/model/anthropic.claude-v2:0/converse',
    '/model/anthropic.claude-v2%3A0/converse',
    '/openai/deployments/{deployment}/chat/completions',
  ])('A5.5: %s can be asked for', (path) => expect(accepts(path)).toBe(true));

  it.each([
    'chat',
    '*',
    '/chat/completions?x=1',
    '/chat//completions',
    '/a/../b',
    '/a/.',
    '/x*y',
    '/**',
    '/{a',
    '/a}',
    '/a b',
    '/a#b',
  ])('A5.5: %s would match nothing and is refused', (path) => expect(accepts(path)).toBe(false));
});
