import type { Citation } from '../canonical/canonical-part.ts';
import type { JsonObject } from '../canonical/json.ts';
import { arrayOf, countOf, numberOf, objectOf, objectsOf, textOf } from './json-fields.ts';

/** Sources of the candidate's text. Google counts bytes of UTF-8; `text` is all of it, which tells the units of UTF-16. */
export function decodeCitations(candidate: JsonObject, text: string): Citation[] {
  const bytes = Buffer.from(text);
  return [...groundings(objectOf(candidate['groundingMetadata']) ?? {}, bytes), ...recitations(candidate, bytes)];
}

/** What a search found, and which piece of the text each find supports. */
function groundings(metadata: JsonObject, bytes: Buffer): Citation[] {
  const chunks = arrayOf(metadata['groundingChunks']).map((chunk) => {
    const source = objectOf(chunk);
    return objectOf(source?.['web']) ?? objectOf(source?.['retrievedContext']) ?? objectOf(source?.['maps']);
  });
  return objectsOf(metadata['groundingSupports']).flatMap((support) => {
    const span = spanOf(objectOf(support['segment']) ?? {}, bytes);
    return arrayOf(support['groundingChunkIndices']).flatMap((index) => citation(chunks[numberOf(index) ?? -1], span));
  });
}

/** Texts that the answer repeats at length. */
function recitations(candidate: JsonObject, bytes: Buffer): Citation[] {
  const metadata = objectOf(candidate['citationMetadata']);
  const sources = metadata?.['citationSources'] ?? metadata?.['citations'];
  return objectsOf(sources).flatMap((source) => citation(source, spanOf(source, bytes)));
}

function citation(source: JsonObject | undefined, span: Citation): Citation[] {
  const url = textOf(source?.['uri']);
  const title = textOf(source?.['title']);
  return url === undefined ? [] : [{ url, ...(title !== undefined && { title }), ...span }];
}

/** A start of zero is left out by Google, as are all zeros of its JSON. */
function spanOf(segment: JsonObject, bytes: Buffer): Citation {
  const end = countOf(segment['endIndex']);
  if (end === undefined) return {};
  const units = (at: number): number => bytes.subarray(0, at).toString('utf8').length;
  return { startIndex: units(countOf(segment['startIndex']) ?? 0), endIndex: units(end) };
}
