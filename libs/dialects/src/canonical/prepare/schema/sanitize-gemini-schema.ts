import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject } from '../../json.ts';
import { flattenAlternatives } from './flatten-gemini-alternatives.ts';
import { fitGeminiKeywords } from './fit-gemini-keywords.ts';
import { isJsonObject } from './json-object.ts';
import { recursionError } from './refuse-recursion.ts';
import { resolveRef } from './resolve-ref.ts';

/** Most subschemas of a schema whose references are written out: a few lines of it can stand for billions. */
const MAX_SUBSCHEMAS = 10_000;

interface Inlining {
  readonly root: JsonObject;
  readonly param: string;
  /** References that are being written out. */
  readonly open: readonly string[];
  readonly count: { subschemas: number };
}

/**
 * A schema in the subset of OpenAPI that Gemini takes (research/translation.md §5.5): references are written out, `allOf` is
 * one schema, `null` is `nullable`, and what is not known is gone. Throws `unsupported_parameter` for a schema that contains
 * itself or grows beyond bounds.
 */
export function sanitizeGeminiSchema(schema: JsonObject, param: string): JsonObject {
  return sanitize(schema, { root: schema, param, open: [], count: { subschemas: 0 } });
}

function sanitize(schema: JsonObject, inlining: Inlining): JsonObject {
  inlining.count.subschemas += 1;
  if (inlining.count.subschemas > MAX_SUBSCHEMAS) throw tooLarge(inlining.param);
  const ref = schema['$ref'];
  if (typeof ref === 'string') return inline(schema, ref, inlining);
  const child = (value: Json): JsonObject => sanitize(isJsonObject(value) ? value : {}, inlining);
  const flat = flattenAlternatives(mergeAll(schema, inlining));
  // An alternative that was left alone may be a reference, or composed.
  if (typeof flat['$ref'] === 'string' || Array.isArray(flat['allOf'])) return sanitize(flat, inlining);
  return fitGeminiKeywords(flat, child);
}

/** What stands beside a reference goes before what it refers to. */
function inline(schema: JsonObject, ref: string, inlining: Inlining): JsonObject {
  if (inlining.open.includes(ref)) throw recursionError(inlining.param);
  const { $ref: _, ...siblings } = schema;
  const target = resolveRef(inlining.root, ref);
  return sanitize({ ...target, ...siblings }, { ...inlining, open: [...inlining.open, ref] });
}

/** One schema of all members of `allOf`: properties and required ones of all, of any other keyword the first. */
function mergeAll(schema: JsonObject, inlining: Inlining): JsonObject {
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return schema;
  const members = (allOf as readonly Json[]).filter(isJsonObject).map((member) => dereference(member, inlining));
  const all = [rest, ...members];
  const entries = all
    .map((member) => member['properties'])
    .filter(isJsonObject)
    .flatMap((map) => Object.entries(map));
  const required = all.flatMap(({ required: names }) => (Array.isArray(names) ? (names as readonly Json[]) : []));
  return {
    ...Object.fromEntries(all.toReversed().flatMap((member) => Object.entries(member))),
    ...(entries.length > 0 && { properties: Object.fromEntries(entries.toReversed()) }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

/** A member of `allOf` without references and `allOf` of its own at its root. */
function dereference(member: JsonObject, inlining: Inlining): JsonObject {
  inlining.count.subschemas += 1;
  if (inlining.count.subschemas > MAX_SUBSCHEMAS) throw tooLarge(inlining.param);
  const { $ref: ref, ...siblings } = member;
  if (typeof ref !== 'string') return mergeAll(member, inlining);
  if (inlining.open.includes(ref)) throw recursionError(inlining.param);
  const target = resolveRef(inlining.root, ref);
  return dereference({ ...target, ...siblings }, { ...inlining, open: [...inlining.open, ref] });
}

function tooLarge(param: string): GatewayError {
  const message = 'The schema is too large once its references are written out.';
  return new GatewayError('unsupported_parameter', message, { param });
}
