import type { ToolCallPart } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { Warnings } from '../canonical/warnings.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { objectOf } from './json-fields.ts';

/**
 * The arguments of a call as the object that some dialects demand: nothing becomes `{}`, what is JSON but no object
 * `{"value": ...}`, and what is no JSON at all `{"_raw": "..."}`, which is reported.
 */
export function argumentsObject(call: ToolCallPart, warnings?: Warnings): JsonObject {
  if (call.kind === 'custom') return { input: call.arguments };
  if (call.arguments.trim() === '') return {};
  let value: Json;
  try {
    value = parseFaithfully(call.arguments);
  } catch {
    // A model's slip that stands in the history; a refusal would end the conversation for good.
    warnings?.note('converted', call.path ?? `tool call ${call.name}`);
    return { _raw: call.arguments };
  }
  return objectOf(value) ?? { value };
}
