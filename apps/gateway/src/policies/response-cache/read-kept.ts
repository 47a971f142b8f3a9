import { type JsonObject, parseFaithfully } from '@penstock/dialects';

/** Null for what is not there, and for what is none of ours. */
export function readKept(text: string | null): JsonObject | null {
  if (text === null) return null;
  try {
    const kept = parseFaithfully(text);
    return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? (kept as JsonObject) : null;
  } catch {
    // The model is asked as for any miss, and its answer takes the place of this.
    return null;
  }
}
