import { describe, expect, it } from '@jest/globals';
import { preferredFormat } from './preferred-format.ts';

describe('A6: the format of an answer', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/yaml', 'yaml'],
    ['application/x-yaml', 'yaml'],
    ['text/yaml; charset=utf-8', 'yaml'],
    ['application/yaml, */*;q=0.5', 'yaml'],
    ['application/json;q=0.9, application/yaml', 'yaml'],
    ['application/json, application/yaml', 'json'],
    ['application/yaml, application/json', 'yaml'],
    ['application/yaml;q=0', 'json'],
    ['application/yaml;q=nonsense', 'json'],
    ['text/html, application/xml', 'json'],
  ])('A6: for %s is %s', (accept, format) => {
    expect(preferredFormat(accept)).toBe(format);
  });
});
