import { describe, expect, it } from '@jest/globals';
import type { CanonicalEvent } from '@penstock/dialects';
import { chainFilters } from './chain-filters.ts';
import type { StreamFilter } from './policy.ts';

const text = (content: string): CanonicalEvent => ({ type: 'text', key: 't', text: content });
const textsOf = (events: readonly CanonicalEvent[]) => events.map((event) => ('text' in event ? event.text : ''));

/** Says everything twice, in capitals the second time; `later`: with a promise. */
function echo(later: boolean): StreamFilter {
  return {
    push(event) {
      const events = 'text' in event ? [event, text(event.text.toUpperCase())] : [event];
      return later ? Promise.resolve(events) : events;
    },
  };
}

describe('filters in a row', () => {
  it('wait only where one of them does', () => {
    const found = chainFilters([echo(false), echo(false)]).push(text('a'));
    expect(found).not.toBeInstanceOf(Promise);
    expect(textsOf(found as readonly CanonicalEvent[])).toEqual(['a', 'A', 'A', 'A']);
  });

  it.each([
    [true, false],
    [false, true],
    [true, true],
  ])('keep the order of events (%p, %p)', async (first, second) => {
    expect(textsOf(await chainFilters([echo(first), echo(second), echo(false)]).push(text('a')))).toEqual(
      'aAAAAAAA'.split(''),
    );
  });

  it('end with the first that refuses', async () => {
    const refuse: StreamFilter = { push: () => Promise.reject(new TypeError('no')) };
    const never: StreamFilter = {
      push: () => {
        throw new RangeError('was asked');
      },
    };
    await expect(chainFilters([refuse, never]).push(text('a'))).rejects.toThrow(TypeError);
  });
});
