import { JsonPath, type JsonPlace } from '@penstock/policies';
import type { JsonObject } from '@penstock/dialects';
import { newestTexts } from '../text/message-texts.ts';
import { contentTexts, type TextPlace } from '../text/text-place.ts';

/** What of a request is compared by its meaning, and what has to be the same. */
export interface AskedText {
  readonly text: string;
  /** Everything else of the body, but for how the answer is sent. */
  readonly rest: string;
}

const NEWEST = '$.messages[-1].content';
/** How an answer is sent, and not what it is. */
const SENDING: ReadonlySet<string> = new Set(['stream', 'stream_options']);

/** Finds the text of a request; null: there is none. The body stays as it was. */
export type TextFinder = (body: JsonObject) => AskedText | null;

/** By a path as documents write it. That of the last message means the newest one in every dialect; '' means the whole body. */
export function textFinder(jsonPath: string): TextFinder {
  if (jsonPath === '' || jsonPath === '$') return (body) => ({ text: stringify(body), rest: '' });
  const path = new JsonPath(jsonPath);
  const places = (body: JsonObject): readonly TextPlace[] =>
    jsonPath === NEWEST ? newestTexts(body) : path.places(body).flatMap(textsIn);
  return (body) => {
    const found = places(body);
    const texts = found.map(({ text }) => text);
    const text = texts.join('\n');
    if (text.trim() === '') return null;
    for (const { replace } of found) replace('');
    const rest = stringify(body);
    for (const [index, { replace }] of found.entries()) replace(texts[index] ?? '');
    return { text, rest };
  };
}

function textsIn(place: JsonPlace): readonly TextPlace[] {
  const { value } = place;
  if (typeof value === 'string') return [{ text: value, replace: (text) => place.replace(text) }];
  return contentTexts({ value }, 'value');
}

function stringify(body: JsonObject): string {
  return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([key]) => !SENDING.has(key))));
}
