import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import fc from 'fast-check';
import { relayPath } from './relay-path.ts';

const BASE = 'https://api.vendor.example/v1';
const pathOf = (target: string, baseUrl = BASE, prefix = '/p') => relayPath(target, prefix, baseUrl);
const codeOf = (target: string, baseUrl = BASE) => {
  try {
    return pathOf(target, baseUrl);
  } catch (error) {
    return error instanceof GatewayError ? error.code : error;
  }
};

describe('relayPath', () => {
  it.each([
    ['/p/files', '/files', ''],
    ['/p/files?', '/files', ''],
    ['/p/files?a=%2F..&b', '/files', '?a=%2F..&b'],
    ['/p/files/a%20b', '/files/a%20b', ''],
    ['/p/files/%C3%A9', '/files/%C3%A9', ''],
    ['/p/models/m:tune', '/models/m:tune', ''],
    ['/p/threads/t/messages', '/threads/t/messages', ''],
    ['/p/.well-known/x', '/.well-known/x', ''],
  ])('A5.5: takes %s as %s', (target, path, query) => {
    expect(pathOf(target)).toEqual({ path, query });
  });

  it('does not repeat the version of the base URL', () => {
    expect(pathOf('/p/v1/files').path).toBe('/files');
    expect(pathOf('/p/v1/files', 'https://x.example/v1/').path).toBe('/files');
    expect(pathOf('/p/v1/files', 'https://x.example').path).toBe('/v1/files');
    expect(pathOf('/p/v2/files').path).toBe('/v2/files');
    expect(pathOf('/v1/files', BASE, '').path).toBe('/files');
  });

  it.each([
    '/p',
    '/p/',
    '/px/files',
    '/p//files',
    '/p/files/',
    '/p/./files',
    '/p/../files',
    '/p/files/..',
    '/p/%2E%2E/x',
    '/p/%2e%2e/x',
    '/p/a%2Fb',
    '/p/a%5Cb',
    '/p/a\\b',
    '/p/a%252Fb',
    '/p/%61',
    '/p/%c3%a9',
    '/p/%C0%AF',
    '/p/%ED%A0%80',
    '/p/a%0A',
    '/p/a\u0000',
    '/p/a;b',
    '/p/a%3Bb',
    '/p/a%3Fb',
    '/p/a#b',
    '/p/a?b#c',
    '/p/a?b\\c',
    '/p/a?b c',
    '/p/a%',
    '/p/\u00e9',
  ])('refuses %j', (target) => {
    expect(codeOf(target)).toBe('invalid_request');
  });

  it.each([
    '/p/Chat/Completions',
    '/p/v2/chat/completions',
    '/p/openai/v1/chat/completions',
    '/p/openai/deployments/d/Chat/completions',
    '/p/v1alpha/models/m:GenerateContent',
    '/p/v1/v1/messages',
    '/p/model/m/converse',
  ])('knows the operation in %s', (target) => {
    expect(codeOf(target)).toBe('not_found');
  });

  it('sends what it says, and nothing outside of the base URL', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom(
        '/',
        '..',
        '.',
        '%2e',
        '%2E',
        '%2F',
        '%5C',
        '\\',
        ';',
        '%00',
        '%25',
        '%C0%AF',
        'v1',
        '?',
        '@',
        ':',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom('', '/v1', '/a/b'), (pieces, base) => {
        const found = codeOf(`/p/${pieces.join('')}`, `https://x.example${base}`);
        if (typeof found === 'string') return;
        const { path, query } = found as ReturnType<typeof relayPath>;
        const sent = new URL(`https://x.example${base}${path}${query}`);
        expect([sent.host, sent.pathname, sent.hash]).toEqual(['x.example', base + path, '']);
        const read = decodeURIComponent(decodeURIComponent(path)).split(/[/\\;]/);
        expect(read.slice(1)).toHaveLength(path.split('/').length - 1);
        expect(read).not.toContain('..');
        expect(read.slice(1)).not.toContain('');
      }),
      { numRuns: 2000 },
    );
  });
});
