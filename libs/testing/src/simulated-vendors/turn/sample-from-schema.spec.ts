import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { type Json, sampleFromSchema } from './sample-from-schema.ts';

const leaf = fc.oneof(
  fc.constant({ type: 'string' }),
  fc.record({ type: fc.constant('string'), minLength: fc.nat(8) }),
  fc.constant({ type: 'boolean' }),
  fc.record({ type: fc.constant('integer'), minimum: fc.integer({ min: -5, max: 5 }) }),
  fc.record({ type: fc.constant('string'), enum: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }) }),
  fc.constant({ type: 'string', format: 'uuid' }),
);

/** Schemas of objects, at most three deep. */
const { schema: schemas } = fc.letrec<{ schema: object; any: object }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    leaf,
    tie('schema'),
    fc.record({ type: fc.constant('array'), items: leaf, minItems: fc.nat(3) }),
    fc.record({ anyOf: fc.tuple(fc.constant({ type: 'null' }), leaf) }),
  ),
  schema: fc
    .dictionary(
      fc.string({ minLength: 1, maxLength: 6 }).filter((name) => name !== '__proto__'),
      tie('any'),
      { maxKeys: 4 },
    )
    .map((properties) => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    })),
}));

describe('sampleFromSchema', () => {
  it('fits every schema, whatever the variant', () => {
    fc.assert(
      fc.property(schemas, fc.nat(3), (schema, variant) => {
        const sample = sampleFromSchema(schema as Json, variant);
        expect(z.fromJSONSchema(schema as never).safeParse(sample).error).toBeUndefined();
      }),
    );
  });

  it('names cities, which differ between calls', () => {
    const schema = { type: 'OBJECT', properties: { city: { type: 'STRING' }, days: { type: 'INTEGER' } } };
    expect(sampleFromSchema(schema)).toEqual({ city: 'Paris', days: 1 });
    expect(sampleFromSchema(schema, 1)).toEqual({ city: 'London', days: 2 });
  });

  it('follows references, and ends when they go round in circles', () => {
    const $defs = { node: { type: 'object', properties: { name: { const: 'n' }, next: { $ref: '#/$defs/node' } } } };
    const sample = sampleFromSchema({ $defs, $ref: '#/$defs/node' });
    expect(sample).toMatchObject({ name: 'n', next: { name: 'n' } });
  });
});
