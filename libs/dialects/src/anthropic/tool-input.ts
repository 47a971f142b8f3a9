import type { JsonObject } from '../canonical/json.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { isObject } from './read-fields.ts';

/**
 * The object that Anthropic wants of a tool call's arguments. Nothing is an empty object; another JSON value goes under
 * `value`, text that is no JSON under `_raw`, since a model's slip must not make the rest of its conversation unusable.
 */
export function toolInput(text: string): JsonObject {
  if (text.trim() === '') return {};
  try {
    const value = parseFaithfully(text);
    return isObject(value) ? value : { value };
  } catch {
    // No JSON: the text itself is kept.
    return { _raw: text };
  }
}
