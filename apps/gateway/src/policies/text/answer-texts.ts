import { contentTexts, isObject, listOf } from './text-place.ts';

/**
 * What the model says in a whole answer of any dialect, one text for each choice; texts of one choice are joined by line breaks.
 * Reasoning, refusals and calls of tools are none; a choice without text is left out.
 */
export function answerTexts(answer: Readonly<Record<string, unknown>>): readonly string[] {
  return [
    ...listOf(answer.choices).map(chatText),
    ...listOf(answer.candidates).map((candidate) => (isObject(candidate) ? textIn(candidate, 'content') : '')),
    ...(Array.isArray(answer.output) ? [answer.output.map(itemText).filter(Boolean).join('\n')] : []),
    ...(Array.isArray(answer.content) ? [textIn(answer, 'content')] : []),
    ...(isObject(answer.output) && isObject(answer.output.message) ? [textIn(answer.output.message, 'content')] : []),
  ].filter((text) => text !== '');
}

function chatText(choice: unknown): string {
  if (!isObject(choice)) return '';
  if (isObject(choice.message)) return textIn(choice.message, 'content');
  return textIn(choice, 'text');
}

function itemText(item: unknown): string {
  return isObject(item) && item.type === 'message' ? textIn(item, 'content') : '';
}

function textIn(owner: object, key: string): string {
  return contentTexts(owner, key)
    .map(({ text }) => text)
    .join('\n');
}
