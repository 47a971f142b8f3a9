import { describe, expect, it } from '@jest/globals';
import { JsonPath } from './json-path.ts';

const document = () => ({
  messages: [
    { role: 'user', content: 'a' },
    { role: 'user', content: 'b' },
  ],
  'odd key': { deep: [1] },
});
const values = (path: string) => new JsonPath(path).places(document()).map(({ value }) => value);

describe('a path in a body', () => {
  it('goes by names, by indexes from either end, and through all elements', () => {
    expect(values('$.messages[-1].content')).toEqual(['b']);
    expect(values('$.messages[0].content')).toEqual(['a']);
    expect(values('$.messages[*].content')).toEqual(['a', 'b']);
    expect(values("$['odd key'].deep[0]")).toEqual([1]);
    expect(values('$')).toHaveLength(1);
  });

  it('finds nothing where something on the way is missing, or is inherited', () => {
    for (const path of [
      '$.nothing.at[0].all',
      '$.messages[7]',
      '$.messages[-3].content',
      '$.messages.content',
      '$.__proto__.x',
      '$.messages.length',
    ]) {
      expect(values(path)).toEqual([]);
    }
  });

  it('replaces what it finds', () => {
    const body = document();
    for (const place of new JsonPath('$.messages[*].content').places(body)) place.replace(`${String(place.value)}!`);
    expect(body.messages.map(({ content }) => content)).toEqual(['a!', 'b!']);
  });
});
