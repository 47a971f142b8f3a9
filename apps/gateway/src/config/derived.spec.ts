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
});
