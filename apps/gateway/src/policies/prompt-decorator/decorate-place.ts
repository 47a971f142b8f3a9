import type { JsonPlace } from '@penstock/policies';
import { contentTexts, isObject } from '../text/text-place.ts';
import { decorateText, type Decoration, extend, messagesOf, noPlace, UndecoratedError } from './decoration.ts';

/** Decorates a text, the texts of a content, or a list of messages. Throws UndecoratedError where there is neither. */
export function decoratePlace(place: JsonPlace | undefined, decoration: Decoration): void {
  if (!place) throw noPlace();
  const { value } = place;
  if (typeof value === 'string') {
    place.replace(decorateText(value, decoration));
    return;
  }
  if (!Array.isArray(value))
    throw new UndecoratedError('Extracted value must be a string or an array of message objects');
  const text = isContent(value) ? contentTexts({ value }, 'value').at(decoration.append ? -1 : 0) : undefined;
  if (text) text.replace(decorateText(text.text, decoration));
  else place.replace(extend<unknown>(value, messagesOf(decoration), decoration.append));
}

/** A list of parts, not of messages. */
function isContent(value: readonly unknown[]): boolean {
  return value.some((part) => isObject(part) && part.role === undefined);
}
