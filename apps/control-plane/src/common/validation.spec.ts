import { describe, expect, it } from '@jest/globals';
import { LlmProviderManifest } from '@penstock/contracts';
import { parseOrRefuse } from './validation.ts';

describe('validation', () => {
  it('names every field at fault by its path, and unknown fields one by one', () => {
    const input = {
      metadata: { name: 'x', extra: 1 },
      spec: { template: 'vllm', upstream: { url: 'ftp://x' }, models: [{ id: '' }], one: 1, two: 2 },
    };
    const refuse = () => parseOrRefuse(LlmProviderManifest, input);
    expect(refuse).toThrow('The request is invalid.');
    const fields = (() => {
      try {
        refuse();
        return [];
      } catch (error) {
        return (error as { errors: { field: string }[] }).errors.map(({ field }) => field);
      }
    })();
    expect(fields).toEqual(
      expect.arrayContaining([
        'metadata.extra',
        'spec.displayName',
        'spec.upstream.url',
        'spec.models[0].id',
        'spec.one',
        'spec.two',
      ]),
    );
  });
});
