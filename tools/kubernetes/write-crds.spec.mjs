import { describe, expect, it } from '@jest/globals';
import { crdFiles, staleFiles } from './write-crds.mjs';

describe('deploy/kubernetes/crds', () => {
  it('is up to date with the schemas: run node tools/kubernetes/write-crds.mjs', () => {
    expect(staleFiles()).toEqual([]);
    expect([...crdFiles().keys()]).toHaveLength(5);
  });
});
