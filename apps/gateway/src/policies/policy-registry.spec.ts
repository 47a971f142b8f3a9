import { describe, expect, it } from '@jest/globals';
import { POLICY_CATALOGUE } from '@penstock/contracts';
import { POLICY_FACTORIES } from './policy-registry.ts';

describe('the policies of this gateway', () => {
  it('are exactly those of the catalogue', () => {
    const names = POLICY_FACTORIES.map(({ definition }) => definition.name).toSorted();
    expect(names).toEqual(POLICY_CATALOGUE.map(({ name }) => name).toSorted());
    expect(new Set(names).size).toBe(names.length);
  });
});
