import type { Citation } from '../canonical/canonical-part.ts';
import type { JsonObject } from '../canonical/json.ts';
import { objectOf, textOf } from '../gemini/json-fields.ts';

/** A source of a cited text; null for one that names neither an address nor a title. */
export function decodeCitation(citation: JsonObject): Citation | null {
  const url = textOf(objectOf(objectOf(citation['location'])?.['web'])?.['url']);
  const title = textOf(citation['title']) ?? textOf(citation['source']);
  if (url === undefined && title === undefined) return null;
  return { ...(url !== undefined && { url }), ...(title !== undefined && { title }) };
}
