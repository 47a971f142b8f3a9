import { describe, expect, it } from '@jest/globals';
import { Derived } from './derived.ts';

describe('what is derived from an entity', () => {
  it('is kept while the entity and all sources are the same objects', () => {
    const derived = new Derived<object, object>();
    const [entity, source, other] = [{}, {}, {}];
    const first = derived.of(entity, [source, undefined], () => ({}));
    expect(derived.of(entity, [source, undefined], () => ({}))).toBe(first);
    for (const sources of [[other, undefined], [source, other], [source], [source, undefined, undefined]]) {
      const again = derived.of(entity, sources, () => ({}));
      expect(again).not.toBe(first);
      expect(derived.of(entity, sources, () => ({}))).toBe(again);
    }
    expect(derived.of({ ...entity }, [source], () => ({}))).not.toBe(derived.of(entity, [source], () => ({})));
  });

  it('is derived again after it was forgotten, and is not kept where deriving fails', () => {
    const derived = new Derived<object, object>();
    const entity = {};
    const failing = () =>
      derived.of(entity, [], () => {
        throw new Error('not today');
      });
    expect(failing).toThrow('not today');
    const first = derived.of(entity, [], () => ({}));
    expect(failing()).toBe(first);
    derived.forget(entity);
    expect(derived.of(entity, [], () => ({}))).not.toBe(first);
  });

  it('is taken over from the snapshot before, and from no earlier or unfinished one', () => {
    const derived = new Derived<object, object>();
    const [entity, gone] = [{}, {}];
    const make = (one: object) => derived.of(one, [], () => ({}));
    derived.begin();
    const [first, other] = [make(entity), make(gone)];
    derived.turn();
    derived.begin();
    const unfinished = {};
    const lost = make(unfinished);
    derived.begin();
    expect(make(entity)).toBe(first);
    expect(make(unfinished)).not.toBe(lost);
    derived.turn();
    derived.begin();
    expect(make(entity)).toBe(first);
    expect(make(gone)).not.toBe(other);
  });
});
