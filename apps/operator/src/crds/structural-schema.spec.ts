import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { customResourceDefinitions } from './custom-resource-definitions.ts';
import { type Schema, structuralSchema } from './structural-schema.ts';

const convert = (schema: z.ZodType): Schema => structuralSchema(z.toJSONSchema(schema, { io: 'input' }) as Schema);
const openSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** Keywords that a structural schema may have (the rules of apiextensions.k8s.io/v1). */
const KNOWN = new Set(
  `type format description properties required items additionalProperties nullable enum pattern allOf
   minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems minProperties maxProperties
   x-kubernetes-preserve-unknown-fields x-kubernetes-list-type x-kubernetes-list-map-keys`.split(/\s+/),
);

/** What is not structural, with its place. */
function faultsOf(schema: Schema, at: string): string[] {
  const faults = Object.keys(schema)
    .filter((keyword) => !KNOWN.has(keyword))
    .map((keyword) => `${at}: ${keyword}`);
  if (schema['type'] === undefined && schema['x-kubernetes-preserve-unknown-fields'] !== true)
    faults.push(`${at}: no type`);
  if ('properties' in schema && 'additionalProperties' in schema) faults.push(`${at}: both kinds of properties`);
  for (const [name, one] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
    faults.push(...faultsOf(one, `${at}.${name}`));
  }
  for (const keyword of ['items', 'additionalProperties']) {
    if (schema[keyword] !== undefined) faults.push(...faultsOf(schema[keyword] as Schema, `${at}.${keyword}`));
  }
  if (schema['type'] === 'array' && schema['items'] === undefined) faults.push(`${at}: no items`);
  faults.push(...ruleFaultsOf(schema, at));
  return faults;
}

/** Rules in `allOf` may say something of the value, and nothing of its type. */
function ruleFaultsOf(schema: Schema, at: string): string[] {
  const typed = ['type', 'properties', 'items', 'nullable', 'description'];
  const keywords = ((schema['allOf'] ?? []) as Schema[]).flatMap((rule) => Object.keys(rule));
  return keywords.filter((keyword) => typed.includes(keyword)).map((keyword) => `${at}: allOf has ${keyword}`);
}

describe('structuralSchema', () => {
  it('writes references out, and leaves recursion open', () => {
    const Name = z.string().max(5).meta({ id: 'Name' });
    expect(convert(z.strictObject({ a: Name, b: Name.optional() }))).toEqual({
      type: 'object',
      required: ['a'],
      properties: { a: { type: 'string', maxLength: 5 }, b: { type: 'string', maxLength: 5 } },
    });
    interface Node {
      readonly child?: Node | undefined;
    }
    const Node: z.ZodType<Node> = z
      .strictObject({
        get child() {
          return Node.optional();
        },
      })
      .meta({ id: 'Node' });
    expect(convert(Node)).toEqual({ type: 'object', properties: { child: openSchema } });
  });

  it('makes null a flag, and unions of one type one schema', () => {
    expect(convert(z.string().nullable())).toEqual({ type: 'string', nullable: true });
    expect(convert(z.union([z.literal('a'), z.enum(['b', 'c'])]))).toEqual({ type: 'string', enum: ['a', 'b', 'c'] });
    const either = z.union([
      z.strictObject({ a: z.string(), c: z.string() }),
      z.strictObject({ a: z.string(), b: z.int() }),
    ]);
    expect(convert(either)).toMatchObject({ type: 'object', required: ['a'], properties: { a: {}, b: {}, c: {} } });
  });

  it('leaves open what Kubernetes cannot say', () => {
    expect(convert(z.union([z.literal('deny'), z.strictObject({ route: z.string() })]))).toEqual(openSchema);
    expect(convert(z.record(z.string(), z.json()))).toMatchObject({ type: 'object', ...openSchema });
    expect(convert(z.string().regex(/^(?!a)b$/))).toEqual({ type: 'string' });
    expect(convert(z.looseObject({ a: z.string() }))).toMatchObject({ properties: { a: {} }, ...openSchema });
  });

  it('keeps bounds, patterns and maps, and no defaults', () => {
    expect(convert(z.number().gt(1).max(9).default(3))).toEqual({
      type: 'number',
      minimum: 1,
      exclusiveMinimum: true,
      maximum: 9,
    });
    expect(convert(z.record(z.string(), z.enum(['x'])))).toEqual({
      type: 'object',
      additionalProperties: { type: 'string', enum: ['x'] },
    });
    expect(convert(z.string().regex(/^a/).regex(/b$/))).toEqual({
      type: 'string',
      allOf: [{ pattern: '^a' }, { pattern: 'b$' }],
    });
  });
});

describe('The custom resource definitions', () => {
  it.each(customResourceDefinitions().map((definition) => [definition.spec.names.kind, definition] as const))(
    '%s is structural',
    (_kind, { spec }) => {
      const schema = spec.versions[0]!.schema.openAPIV3Schema;
      expect(faultsOf({ ...schema, properties: { ...(schema['properties'] as Schema) } }, '')).toEqual([]);
      expect(JSON.stringify(schema)).not.toContain('"$ref"');
      expect(JSON.stringify(schema)).not.toContain('"default"');
    },
  );

  it('let credentials come from Secrets wherever an auth takes a value', () => {
    const provider = customResourceDefinitions().find(({ spec }) => spec.names.kind === 'LlmProvider')!;
    expect(provider.spec.versions[0]!.schema.openAPIV3Schema).toHaveProperty(
      'properties.spec.properties.upstream.properties.auth.properties.valueFrom.properties.secretKeyRef',
    );
  });
});
