import { z } from 'zod';
import type { Json } from '../turn/sample-from-schema.ts';

const count = z.union([z.int().min(0), z.string().regex(/^\d+$/)]).optional();
const typeNames = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'] as const;

/** A type as proto JSON reads it: the name of the enum; small letters are taken as well. */
const TypeName = z.enum([...typeNames, ...typeNames.map((name) => name.toLowerCase() as Lowercase<typeof name>)]);

export interface OpenApiSchema {
  readonly type?: z.infer<typeof TypeName> | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly items?: OpenApiSchema | undefined;
  readonly properties?: Readonly<Record<string, OpenApiSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly anyOf?: readonly OpenApiSchema[] | undefined;
}

/** The subset of OpenAPI that `parameters` and `responseSchema` know: every other keyword is an unknown name. */
export const OpenApiSchema: z.ZodType<OpenApiSchema> = z.lazy(() =>
  z.strictObject({
    type: TypeName.optional(),
    format: z.string().optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    nullable: z.boolean().optional(),
    default: z.json().optional(),
    example: z.json().optional(),
    enum: z.array(z.string()).optional(),
    items: OpenApiSchema.optional(),
    properties: z.record(z.string(), OpenApiSchema).optional(),
    required: z.array(z.string()).optional(),
    propertyOrdering: z.array(z.string()).optional(),
    anyOf: z.array(OpenApiSchema).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: count,
    maxLength: count,
    minItems: count,
    maxItems: count,
    minProperties: count,
    maxProperties: count,
    pattern: z.string().optional(),
  }),
) as z.ZodType<OpenApiSchema>;

/** The schema as plain JSON. */
export function asJson(schema: OpenApiSchema): Json {
  return schema as Json;
}
