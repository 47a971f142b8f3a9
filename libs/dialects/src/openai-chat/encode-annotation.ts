import type { Citation } from '../canonical/canonical-part.ts';
import type { Json } from '../canonical/json.ts';
import type { ChatAnnotation } from './schema.ts';

/** A citation as an annotation: nothing for a source without an address. `range`: of the text that it is about, where it does not say. */
export function encodeAnnotation(
  citation: Citation,
  range: { readonly start: number; readonly end: number },
): readonly Json[] {
  const { url, title, startIndex, endIndex, native } = citation;
  if (url === undefined) return [];
  if (native?.dialect === 'openai-chat') return [native.value];
  const annotation: ChatAnnotation = {
    type: 'url_citation',
    url_citation: {
      url,
      title: title ?? url,
      start_index: startIndex ?? range.start,
      end_index: endIndex ?? range.end,
    },
  };
  return [annotation];
}
