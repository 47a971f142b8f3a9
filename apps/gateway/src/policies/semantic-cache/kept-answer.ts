import { type CanonicalEvent, type JsonObject, parseFaithfully } from '@penstock/dialects';
import { KnownStream } from '../known-stream.ts';
import { readKept } from '../response-cache/read-kept.ts';

/** A kept answer as it was written: a whole one is an object, a stream the list of its events. Null: it is none of ours. */
export function readKeptAnswer(text: string | null, isStream: boolean): JsonObject | KnownStream | null {
  return isStream ? readKeptStream(text) : readKept(text);
}

function readKeptStream(text: string | null): KnownStream | null {
  if (text === null) return null;
  try {
    const events = parseFaithfully(text) as unknown;
    return Array.isArray(events) ? new KnownStream(events as readonly CanonicalEvent[]) : null;
  } catch {
    // The model is asked as for any miss, and its answer takes the place of this.
    return null;
  }
}
