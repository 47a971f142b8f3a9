import { describe, expect, it } from '@jest/globals';
import { ManifestKind } from '@penstock/contracts';
import { pathOf, readKind } from './kind-names.ts';

describe('a kind on the command line', () => {
  it.each([
    ['provider', 'LlmProvider'],
    ['providers', 'LlmProvider'],
    ['LlmProvider', 'LlmProvider'],
    ['llm-providers', 'LlmProvider'],
    ['llm_provider', 'LlmProvider'],
    ['proxies', 'LlmProxy'],
    ['llm-proxies', 'LlmProxy'],
    ['keys', 'VirtualKey'],
    ['virtual-key', 'VirtualKey'],
    ['templates', 'LlmProviderTemplate'],
    ['quotas', 'Quota'],
    ['org', 'Organization'],
    ['prices', 'ModelPrice'],
    ['channel', 'AlertChannel'],
  ])('%s is %s', (text, kind) => expect(readKind(text)).toBe(kind));

  it('may be written as documents and paths write it', () => {
    for (const kind of ManifestKind.options) {
      expect(readKind(kind)).toBe(kind);
      expect(readKind(pathOf(kind).slice(1))).toBe(kind);
    }
    expect(() => readKind('planet')).toThrow('Kinds are quota,');
  });
});
