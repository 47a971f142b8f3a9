import type { JsonObject } from '@penstock/dialects';
import type { JsonPath, JsonPlace } from '@penstock/policies';
import { answerTexts } from '../text/answer-texts.ts';
import { isSaid, messageTexts, newestTexts } from '../text/message-texts.ts';
import { contentTexts, isObject } from '../text/text-place.ts';
import type { ValueRule, Violation } from './text-rule.ts';

/** What looks at the texts of a body. */
type Judge = Pick<ValueRule, 'judge' | 'judgeValue'>;

/** What of a request is judged where no path is given: all that user and assistant say, or only the last of it. */
export type RequestScope = 'all' | 'newest';

/** A path as it is written, ready to be used. */
export interface GuardedPath {
  readonly text: string;
  readonly path: JsonPath;
}

/** The path that documents take for the newest message; it means that in every dialect. */
const NEWEST = '$.messages[-1].content';

const NOTHING_THERE: Violation = {
  reason: 'Error extracting value from JSONPath',
  assessments: 'The path names nothing in the body.',
};

/** Judges a request's body in the caller's dialect. A path that names nothing is a violation. */
export function judgeRequest(
  rule: Judge,
  body: JsonObject,
  { path, scope }: { readonly path: GuardedPath | null; readonly scope: RequestScope },
): Violation | null {
  const places = path?.path.places(body) ?? [];
  if (places.length > 0) return judgePlaces(rule, places);
  if (path && path.text !== NEWEST) return NOTHING_THERE;
  const texts = path || scope === 'newest' ? newestTexts(body) : messageTexts(body).filter(isSaid);
  if (path && texts.length === 0) return NOTHING_THERE;
  return rule.judge(texts.map(({ text }) => text).join('\n'));
}

/** Judges a whole answer in the caller's dialect: what the path names, else (and where it names nothing) the text of each choice. */
export function judgeAnswer(rule: Judge, answer: JsonObject, path: GuardedPath | null): Violation | null {
  const places = path?.path.places(answer).filter(({ value }) => value !== null && value !== undefined) ?? [];
  if (places.length > 0) return judgePlaces(rule, places);
  for (const text of answerTexts(answer)) {
    const violation = rule.judge(text);
    if (violation) return violation;
  }
  return null;
}

function judgePlaces(rule: Judge, places: readonly JsonPlace[]): Violation | null {
  const values = places.map(({ value }) => value);
  const [only] = values;
  if (values.length === 1 && typeof only !== 'string' && rule.judgeValue) return rule.judgeValue(only);
  return rule.judge(values.flatMap(textsIn).join('\n'));
}

/** A text, the texts of a content or of a message, or else the value as JSON. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  const texts = [
    ...contentTexts({ value }, 'value'),
    ...(Array.isArray(value) ? value : [value]).flatMap((part: unknown) =>
      isObject(part) ? contentTexts(part, 'content') : [],
    ),
  ];
  return texts.length > 0 ? texts.map(({ text }) => text) : [JSON.stringify(value)];
}
