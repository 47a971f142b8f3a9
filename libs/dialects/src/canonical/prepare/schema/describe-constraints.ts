import type { Json, JsonObject } from '../../json.ts';

/** A schema without some keywords, which are told to the model in the description instead. */
export function describeConstraints(schema: JsonObject, isTold: (keyword: string, value: Json) => boolean): JsonObject {
  const told: string[] = [];
  const kept: [string, Json | undefined][] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (value !== undefined && isTold(keyword, value)) told.push(`${keyword}: ${JSON.stringify(value)}`);
    else kept.push([keyword, value]);
  }
  if (told.length === 0) return schema;
  const { description } = schema;
  const constraints = `Constraints: ${told.join(', ')}.`;
  const text = typeof description === 'string' && description !== '' ? `${description}\n${constraints}` : constraints;
  return { ...Object.fromEntries(kept), description: text };
}
