import { type JsonObject, parseFaithfully } from '@penstock/dialects';
import type { JsonPath } from '@penstock/policies';
import { mapStrings, mapTexts } from '../text/walk-strings.ts';

/** Members of a request that say something, in the order in which they are masked: so that values keep their placeholders from turn to turn. */
const SAID = [
  'system',
  'instructions',
  'systemInstruction',
  'system_instruction',
  'messages',
  'contents',
  'input',
  'prompt',
  'suffix',
  'prediction',
  'user',
  'safety_identifier',
  'metadata',
];

/** Masks a request in place: what the path names, or (also where it names nothing) all that is said. Returns whether anything changed. */
export function maskBody(body: JsonObject, path: JsonPath | null, mask: (text: string) => string): boolean {
  const map = (text: string, key: string): string => (key === 'arguments' ? maskArguments(text, mask) : mask(text));
  const places = path?.places(body) ?? [];
  if (places.length === 0) {
    return SAID.map((key) => mapTexts(body, key, map)).includes(true);
  }
  return places
    .map((place) => {
      const holder = { value: place.value };
      const changed = mapTexts(holder, 'value', map);
      if (changed) place.replace(holder.value);
      return changed;
    })
    .includes(true);
}

/** Arguments stay JSON: its strings are masked one by one. */
function maskArguments(text: string, mask: (text: string) => string): string {
  const holder: { value?: unknown } = {};
  try {
    holder.value = parseFaithfully(text);
  } catch {
    return mask(text);
  }
  return mapStrings(holder, mask) ? JSON.stringify(holder.value) : text;
}
