import { describe, expect, it } from '@jest/globals';
import { ProviderPaths } from './provider-paths.ts';

describe('ProviderPaths', () => {
  it.each([
    ['https://api.openai.com/v1', '/v1/chat/completions', '/chat/completions'],
    ['https://api.anthropic.com', '/v1/messages', '/v1/messages'],
    ['https://api.anthropic.com/', '/v1/messages?beta=true', '/v1/messages'],
    ['https://gateway.example/sub/v1/', '/sub/v1/models', '/models'],
    ['https://gateway.example/sub', '/subway/models', '/subway/models'],
  ])('A5.5: at %s the path %s is %s', (baseUrl, path, own) => {
    expect(new ProviderPaths([baseUrl], 'openai').ownPath(path)).toBe(own);
  });

  it('A5.5: knows the same operation with the version and without', () => {
    const at = (baseUrl: string, path: string, template = 'openai') =>
      new ProviderPaths([baseUrl], template).spellings(path);
    expect(at('https://api.openai.com/v1', '/chat/completions')).toEqual(['/chat/completions', '/v1/chat/completions']);
    expect(at('https://api.anthropic.com', '/v1/messages')).toEqual(['/v1/messages', '/messages']);
    expect(at('https://x.example', '/v1beta/models/g:generateContent')).toContain('/models/g:generateContent');
    expect(at('https://x.example', '/v1x/messages')).toEqual(['/v1x/messages']);
  });

  it("A5.5: knows an operation that is asked for with another version than the vendor's", () => {
    const paths = new ProviderPaths(['https://x.example/v3'], 'openai');
    expect(paths.spellings('/v1/chat/completions')).toContain('/v3/chat/completions');
  });

  it('A5.5: knows a model with a slash, however it is written', () => {
    const paths = new ProviderPaths(['https://x.example'], 'awsbedrock');
    expect(paths.spellings('/model/arn:aws%2Fclaude/converse')).toContain('/model/arn:aws/claude/converse');
  });

  it("A5.5: knows Azure's v1 API and its deployments as the same", () => {
    const paths = new ProviderPaths(['https://a.openai.azure.com'], 'azure-openai');
    const deployment = '/openai/deployments/{deployment}/chat/completions';
    expect(paths.spellings('/openai/v1/chat/completions')).toContain(deployment);
    expect(paths.spellings('/chat/completions')).toContain(deployment);
    expect(paths.spellings('/openai/v1/models')).not.toContain(deployment);
    expect(new ProviderPaths(['https://a.example'], 'openai').spellings('/chat/completions')).not.toContain(deployment);
  });

  it('strips the longest base of several servers', () => {
    const paths = new ProviderPaths(['https://a.example', 'https://b.example/x', 'https://c.example/x/y'], 'openai');
    expect(paths.ownPath('/x/y/models')).toBe('/models');
    expect(paths.ownPath('/x/models')).toBe('/models');
  });
});
