import type { JsonObject } from '@penstock/dialects';
import { mapStrings } from '../text/walk-strings.ts';
import { escapeJson, type MaskedValues } from './masked-values.ts';

/** Puts values back into a whole answer of any dialect, in place; arguments of tool calls that are JSON text included. */
export function restoreAnswer(answer: JsonObject, values: MaskedValues): boolean {
  return mapStrings(answer, (text, key) => values.restore(text, key === 'arguments' ? escapeJson : undefined));
}
