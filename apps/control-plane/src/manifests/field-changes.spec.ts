import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../common/canonical-json.ts';
import { fieldChanges } from './field-changes.ts';

describe('the difference of two documents', () => {
  it('names the smallest fields that differ', () => {
    const before = { spec: { url: 'a', models: [{ id: 'x', quotas: [] }], old: 1 }, labels: { 'a.b/c': '1' } };
    const after = { spec: { url: 'b', models: [{ id: 'x', quotas: ['q'] }, { id: 'y' }] }, labels: { 'a.b/c': '2' } };
    expect(fieldChanges(before, after)).toEqual([
      { field: 'spec.url', before: 'a', after: 'b' },
      { field: 'spec.models[0].quotas[0]', after: 'q' },
      { field: 'spec.models[1]', after: { id: 'y' } },
      { field: 'spec.old', before: 1 },
      { field: 'labels["a.b/c"]', before: '1', after: '2' },
    ]);
  });

  it('tells a change between kinds of values as a whole', () => {
    expect(fieldChanges({ a: [1] }, { a: { b: 1 } })).toEqual([{ field: 'a', before: [1], after: { b: 1 } }]);
    expect(fieldChanges({ a: null }, { a: false })).toEqual([{ field: 'a', before: null, after: false }]);
  });

  it('is empty exactly for equal values, whatever the order of their members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        expect(fieldChanges(left, right).length === 0).toBe(canonicalJson(left) === canonicalJson(right));
        expect(fieldChanges(left, structuredClone(left))).toEqual([]);
      }),
    );
  });

  it('has a bound', () => {
    const list = Array.from({ length: 1_000 }, (_, index) => index);
    expect(
      fieldChanges(
        list,
        list.map((value) => value + 1),
      ),
    ).toHaveLength(200);
  });
});
