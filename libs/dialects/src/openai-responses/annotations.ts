import type { Citation } from '../canonical/canonical-part.ts';
import type { JsonObject } from '../canonical/json.ts';
import { countOf, objectOf, textOf } from './json-fields.ts';

/** A citation of an annotation. `start`: where its text begins in the whole text of the answer, in UTF-16 units. */
export function readAnnotation(annotation: JsonObject, start: number): Citation {
  const url = textOf(annotation['url']);
  const title = textOf(annotation['title']);
  const startIndex = countOf(annotation['start_index']);
  const endIndex = countOf(annotation['end_index']);
  return {
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(startIndex !== undefined && { startIndex: start + startIndex }),
    ...(endIndex !== undefined && { endIndex: start + endIndex }),
    native: { dialect: 'openai-responses', value: annotation },
  };
}

/** Where a text stands in the whole text of the answer, in UTF-16 units. */
interface TextSpan {
  readonly start: number;
  readonly length: number;
}

/** The annotation of a citation on such a text: its own, or a link; null for what this dialect has no word for. */
export function writeAnnotation(citation: Citation, { start, length }: TextSpan): JsonObject | null {
  const { native, url, title, startIndex, endIndex } = citation;
  const own = native?.dialect === 'openai-responses' ? objectOf(native.value) : undefined;
  if (own) return own;
  if (url === undefined) return null;
  const within = (offset: number): number => Math.max(0, Math.min(length, offset - start));
  return {
    type: 'url_citation',
    url,
    title: title ?? url,
    start_index: within(startIndex ?? start),
    end_index: within(endIndex ?? start + length),
  };
}
