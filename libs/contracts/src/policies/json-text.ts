import { z } from 'zod';

/** Documents hold it as JSON text; here it may also be written as it is. `maxLength`: of the text, in UTF-16 units. */
export function jsonText<Schema extends z.ZodType>(schema: Schema, maxLength = 262_144) {
  return z.union([schema, z.string().max(maxLength).meta({ title: 'JSON text' }).transform(parseJson).pipe(schema)]);
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}
