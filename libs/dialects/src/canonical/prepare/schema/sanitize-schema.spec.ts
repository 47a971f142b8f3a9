import { describe, expect, it } from '@jest/globals';
import { parseFaithfully } from '../../../json/parse-faithfully.ts';
import type { JsonObject } from '../../json.ts';
import { mergedRootObject, rootObject } from './root-object.ts';
import { sanitizeAnthropicSchema } from './sanitize-anthropic-schema.ts';
import { sanitizeGeminiSchema } from './sanitize-gemini-schema.ts';
import { sanitizeOpenAiSchema } from './sanitize-openai-schema.ts';

const gemini = (schema: JsonObject) => sanitizeGeminiSchema(schema, 'tools[0]');
const refusal = expect.objectContaining({ code: 'unsupported_parameter', param: 'tools[0]' });
const recursive = {
  $ref: '#/$defs/node',
  $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
};

describe('the root of a tool’s schema', () => {
  it.each([
    [undefined, { type: 'object', properties: {} }],
    [{ type: 'object' }, { type: 'object', properties: {} }],
    [{ properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
  ])('of %j is %j', (schema, expected) => {
    expect(rootObject(schema)).toEqual(expected);
    expect(mergedRootObject(schema)).toEqual(expected);
  });

  it('is one object of its alternatives, which requires what all of them require', () => {
    const a = { type: 'object', properties: { kind: { const: 'a' }, x: {} }, required: ['kind', 'x'] };
    const b = { properties: { kind: { const: 'b' } }, required: ['kind'] };
    expect(mergedRootObject({ anyOf: [{ $ref: '#/$defs/a' }, b], $defs: { a } })).toEqual({
      type: 'object',
      $defs: { a },
      properties: { kind: { const: 'a' }, x: {} },
      required: ['kind'],
    });
    expect(mergedRootObject({ allOf: [a, b] })).toMatchObject({ required: ['kind', 'x'] });
  });

  it('is found behind references, and is empty where they go in circles', () => {
    expect(mergedRootObject(recursive)).toMatchObject({ properties: { next: { $ref: '#/$defs/node' } } });
    expect(mergedRootObject({ $ref: '#' })).toEqual({ type: 'object', properties: {} });
    expect(mergedRootObject({ $ref: 'https://example.org/s' })).toEqual({ type: 'object', properties: {} });
  });

  it('keeps a property of the name __proto__', () => {
    const schema = JSON.parse('{"anyOf":[{"properties":{"__proto__":{"type":"string"}}}]}') as JsonObject;
    expect(JSON.stringify(mergedRootObject(schema))).toContain('"__proto__":{"type":"string"}');
  });
});

describe('a schema for Anthropic', () => {
  it('has closed objects, no constraints but in words, and alternatives as anyOf', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        age: { type: 'integer', description: 'in years', minimum: 0, maximum: 150 },
        mail: { type: 'string', format: 'email', pattern: '@' },
        code: { type: 'string', format: 'regex' },
        tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 },
        pair: { type: 'array', items: {}, minItems: 2 },
        pet: { oneOf: [{ type: 'object', properties: {} }, { type: 'null' }] },
      },
    };
    expect(sanitizeAnthropicSchema(schema, 'p')).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: {
        age: { type: 'integer', description: 'in years\nConstraints: minimum: 0, maximum: 150.' },
        mail: { type: 'string', format: 'email', description: 'Constraints: pattern: "@".' },
        code: { type: 'string', description: 'Constraints: format: "regex".' },
        tags: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Constraints: maxItems: 3.' },
        pair: { type: 'array', items: {}, description: 'Constraints: minItems: 2.' },
        pet: { anyOf: [{ type: 'object', properties: {}, additionalProperties: false }, { type: 'null' }] },
      },
    });
  });

  it('keeps a property that is called like a keyword', () => {
    const schema = { type: 'object', properties: { pattern: { type: 'string' }, not: { enum: ['x'] } } };
    expect(sanitizeAnthropicSchema(schema, 'p')).toEqual({ ...schema, additionalProperties: false });
  });

  it('is refused when it contains itself', () => {
    expect(() => sanitizeAnthropicSchema(recursive, 'tools[0]')).toThrow(refusal);
    expect(() => sanitizeAnthropicSchema({ properties: { a: { $ref: '#' } } }, 'tools[0]')).toThrow(refusal);
  });

  it('may refer to the same part twice, and in a long chain', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`d${index}`, { $ref: `#/$defs/d${index + 1}` }]),
    );
    const two = { a: { $ref: '#/$defs/d0' }, b: { $ref: '#/$defs/d0' } };
    expect(() => sanitizeAnthropicSchema({ type: 'object', properties: two, $defs }, 'p')).not.toThrow();
  });
});

describe('a schema for OpenAI’s strict mode', () => {
  it('is closed and free of what is refused there', () => {
    const schema = {
      type: 'object',
      properties: { a: { oneOf: [{ type: 'string', minLength: 2 }, { type: 'null' }] } },
      required: ['a'],
    };
    expect(sanitizeOpenAiSchema(schema)).toEqual({
      strict: true,
      schema: {
        ...schema,
        properties: { a: { anyOf: [{ type: 'string', description: 'Constraints: minLength: 2.' }, { type: 'null' }] } },
        additionalProperties: false,
      },
    });
  });

  it.each([
    { type: 'object', properties: { a: {} } },
    { type: 'object', properties: {}, additionalProperties: { type: 'string' } },
    { type: 'object', properties: { a: { allOf: [{}] } }, required: ['a'] },
    { type: 'object', properties: { a: { type: 'array', items: { type: 'object' } } }, required: ['a'] },
  ])('is not strict where that would change it: %j', (schema) => {
    expect(sanitizeOpenAiSchema(schema)).toEqual({ schema, strict: false });
  });
});

describe('a schema for Gemini', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'unknown keywords are gone',
      { $schema: 's', type: 'string', propertyNames: {}, multipleOf: 2, uniqueItems: true, format: 'uri', title: 't' },
      { type: 'string', title: 't' },
    ],
    ['a constant is a list of one', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['a type or null is nullable', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [
      'several types are alternatives',
      { type: ['string', 'array', 'null'], description: 'd', items: { type: 'string' }, maxLength: 3 },
      {
        anyOf: [
          { type: 'string', description: 'd', maxLength: 3, nullable: true },
          { type: 'array', description: 'd', items: { type: 'string' }, nullable: true },
        ],
      },
    ],
    [
      'an exclusive bound of integers is moved',
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 9 },
      { type: 'integer', minimum: 1, maximum: 8 },
    ],
    [
      'other exclusive bounds become inclusive',
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'number', minimum: 0 },
    ],
    [
      'numbers are listed in words',
      { type: 'integer', enum: [1, 2] },
      { type: 'integer', description: 'Constraints: enum: [1,2].' },
    ],
    [
      'a list of texts has no empty one, and may have null',
      { enum: ['', 'a', null] },
      { type: 'string', enum: ['a'], nullable: true },
    ],
    [
      'a nullable list of texts',
      { type: ['string', 'null'], enum: ['', 'a', null] },
      { type: 'string', enum: ['a'], nullable: true },
    ],
    ['a list without items is one of objects', { type: 'array' }, { type: 'array', items: { type: 'object' } }],
    [
      'a tuple is a list of alternatives',
      { prefixItems: [{ type: 'string' }, { type: 'number' }] },
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
    ],
    [
      'an object requires only what it has',
      { properties: { a: { type: 'string' } }, required: ['a', 'b'] },
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    ],
    ['an object of nothing has no properties', { type: 'object', properties: {} }, { type: 'object' }],
    [
      'an optional reference is written out',
      {
        anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }],
        description: 'mine',
        $defs: { a: { type: 'string', description: 'a' } },
      },
      { type: 'string', description: 'mine', nullable: true },
    ],
    [
      'all of several is one',
      {
        allOf: [
          { $ref: '#/definitions/a' },
          { properties: { a: { type: 'number' }, b: { type: 'string' } }, required: ['b'] },
        ],
        definitions: { a: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] } },
      },
      {
        type: 'object',
        properties: { b: { type: 'string' }, a: { type: 'string' } },
        required: ['a', 'b'],
      },
    ],
    [
      'oneOf is anyOf',
      { oneOf: [{ type: 'string' }, { type: 'number' }] },
      { anyOf: [{ type: 'string' }, { type: 'number' }] },
    ],
    ['what is true is an object', { type: 'array', items: true }, { type: 'array', items: { type: 'object' } }],
  ])('%s', (_, schema, expected) => {
    expect(gemini(schema)).toEqual(expected);
    expect(gemini(expected)).toEqual(expected);
  });

  it('keeps numbers as they were written', () => {
    const schema = parseFaithfully('{"type":"number","minimum":12345678901234567890,"maximum":1.0}') as JsonObject;
    expect(JSON.stringify(gemini(schema))).toBe('{"type":"number","minimum":12345678901234567890,"maximum":1.0}');
  });

  it('is refused when it contains itself', () => {
    expect(() => gemini(recursive)).toThrow(refusal);
    expect(() => gemini({ allOf: [{ $ref: '#' }] })).toThrow(refusal);
  });

  it('is refused when few references stand for too much', () => {
    const doubled = (index: number) => ({
      type: 'object',
      properties: { a: { $ref: `#/$defs/d${index + 1}` }, b: { $ref: `#/$defs/d${index + 1}` } },
    });
    const $defs = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`d${index}`, doubled(index)]));
    expect(() => gemini({ $ref: '#/$defs/d0', $defs })).toThrow(refusal);
    const all = (index: number) => ({ allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] });
    const $composed = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`d${index}`, all(index)]));
    expect(() => gemini({ $ref: '#/$defs/d0', $defs: $composed })).toThrow(refusal);
  });
});
