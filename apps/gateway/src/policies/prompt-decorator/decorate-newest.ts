import type { JsonObject } from '@penstock/dialects';
import { newestTexts } from '../text/message-texts.ts';
import { decorateText, type Decoration, noPlace } from './decoration.ts';

/** Decorates what the user or the assistant said last, in whatever dialect. Throws UndecoratedError when nothing was said. */
export function decorateNewest(body: JsonObject, decoration: Decoration): void {
  const place = newestTexts(body).at(decoration.append ? -1 : 0);
  if (!place) throw noPlace();
  place.replace(decorateText(place.text, decoration));
}
