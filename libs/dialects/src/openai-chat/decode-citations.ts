import type { Citation } from '../canonical/canonical-part.ts';
import type { Json } from '../canonical/json.ts';
import { defined } from './defined.ts';
import { numberOf, objectOf, objectsOf, textOf } from './json-values.ts';

/** The sources in `annotations`. */
export function decodeCitations(annotations: Json | undefined): readonly Citation[] {
  return objectsOf(annotations).map((annotation) => {
    const source = objectOf(annotation.url_citation);
    return defined<Citation>({
      url: textOf(source.url) || undefined,
      title: textOf(source.title) || undefined,
      startIndex: numberOf(source.start_index) ?? undefined,
      endIndex: numberOf(source.end_index) ?? undefined,
      native: { dialect: 'openai-chat', value: annotation },
    });
  });
}
