import { describe, expect, it } from '@jest/globals';
import { diffDocuments } from './document-diff.ts';

describe('the difference of two documents', () => {
  it('names each leaf that changed, came or went', () => {
    const before = { spec: { limits: [{ max: 60 }], displayName: 'Small', models: [] } };
    const after = { spec: { limits: [{ max: 90 }], models: [], team: 'ops' } };
    expect(diffDocuments(before, after)).toEqual([
      { path: 'spec.displayName', before: 'Small', after: undefined },
      { path: 'spec.limits.0.max', before: '60', after: '90' },
      { path: 'spec.team', before: undefined, after: 'ops' },
    ]);
  });

  it('is everything where there was nothing', () => {
    expect(diffDocuments(null, { metadata: { name: 'a' } })).toEqual([
      { path: 'metadata.name', before: undefined, after: 'a' },
    ]);
  });

  it('is nothing where nothing changed', () => {
    expect(diffDocuments({ a: [1, null] }, { a: [1, null] })).toEqual([]);
  });
});
