import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileAccess } from './access-rules.ts';
import { PathTemplate } from './path-template.ts';

const matches = (template: string, path: string): boolean => new PathTemplate(template).matches(path);

/** What a template means, as a regular expression; slow for hostile templates. */
function reference(template: string): RegExp {
  const wildcard = template.endsWith('*');
  const text = (wildcard ? template.slice(0, -1) : template)
    .split(/\{[^{}/]*\}/)
    .map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('[^/]+');
  if (!wildcard) return new RegExp(`^${text}$`, 's');
  return text.endsWith('/') ? new RegExp(`^${text.slice(0, -1)}(/.*)?$`, 's') : new RegExp(`^${text}`, 's');
}

describe('PathTemplate', () => {
  it.each([
    ['/chat/completions', '/chat/completions', true],
    ['/chat/completions', '/chat/completions/', false],
    ['/models/{modelId}', '/models/gpt-4o', true],
    ['/models/{modelId}', '/models/', false],
    ['/models/{modelId}', '/models/a/b', false],
    ['/openai/deployments/{deployment}/chat/completions', '/openai/deployments/gpt/chat/completions', true],
    ['/openai/deployments/{deployment}/chat/completions', '/openai/deployments/gpt/embeddings', false],
    ['/v1beta/models/{model}:generateContent', '/v1beta/models/gemini-2.5-pro:generateContent', true],
    ['/v1beta/models/{model}:generateContent', '/v1beta/models/gemini-2.5-pro:streamGenerateContent', false],
    ['/v1beta/models/{model}:generateContent', '/v1beta/models/:generateContent', false],
    ['/model/{modelId}/converse', '/model/anthropic.claude-v1%3A0/converse', true],
    ['/*', '/anything/at/all', true],
    ['/*', '/', true],
    ['/chat/*', '/chat', true],
    ['/chat/*', '/chat/completions', true],
    ['/chat/*', '/chatty', false],
    ['/chat*', '/chatty/x', true],
  ])('A5.6: %s and %s: %s', (template, path, expected) => {
    expect(matches(template, path)).toBe(expected);
  });

  it('A5.6: agrees with the naive reference for all templates and paths', () => {
    const literal = fc.stringMatching(/^[ab:.]{0,2}$/);
    const segment = fc
      .array(fc.oneof(literal, fc.constant('{x}'), fc.constant('{name}')), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    const template = fc
      .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([segments, wildcard]) => `/${segments.join('/')}${wildcard ? '*' : ''}`);
    const path = fc
      .array(fc.stringMatching(/^[ab:.{}]{0,5}$/), { minLength: 1, maxLength: 4 })
      .map((segments) => `/${segments.join('/')}`);
    fc.assert(
      fc.property(template, path, (one, other) => {
        expect(matches(one, other)).toBe(reference(one).test(other));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['/model/anthropic.claude-v2:0/converse', '/model/anthropic.claude-v2%3A0/converse', true],
    ['/model/anthropic.claude-v2%3a0/converse', '/model/anthropic%2Eclaude-v2:0/converse', true],
    ['/models/{model}:generate', '/models/a%3Agenerate', true],
    ['/models/a/*', '/models/a%2Fb/c', false],
    ['/models/100%', '/models/100%', true],
    ['/models/%zz', '/models/%zz', true],
  ])('A5.5: %s at %s, however it is encoded: %s', (template, path, matches) => {
    expect(new PathTemplate(template).matches(path)).toBe(matches);
  });

  it('matches hostile templates in linear time', () => {
    const template = new PathTemplate(`/${'{x}a'.repeat(120)}`);
    const path = `/${'a'.repeat(2_000)}b`;
    const startedAt = performance.now();
    for (let count = 0; count < 1_000; count += 1) template.matches(path);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('compileAccess', () => {
  const post = (path: string) => ({ method: 'POST', paths: [path] });

  it('A5.5: allow_all lets everything through but the exceptions, and never HEAD', () => {
    const allows = compileAccess({ mode: 'allow_all', exceptions: [{ path: '/chat/*', methods: ['*'] }] });
    expect(allows(post('/embeddings'))).toBe(true);
    expect(allows(post('/chat/completions'))).toBe(false);
    expect(allows({ method: 'HEAD', paths: ['/embeddings'] })).toBe(false);
  });

  it('A5.5: deny_all lets only the exceptions through, by their methods', () => {
    const path = '/v1beta/models/{model}:generateContent';
    const allows = compileAccess({ mode: 'deny_all', exceptions: [{ path, methods: ['POST'] }] });
    expect(allows(post('/v1beta/models/g:generateContent'))).toBe(true);
    expect(allows(post('/v1beta/models/g:streamGenerateContent'))).toBe(false);
    expect(allows({ method: 'GET', paths: ['/v1beta/models/g:generateContent'] })).toBe(false);
  });
});
