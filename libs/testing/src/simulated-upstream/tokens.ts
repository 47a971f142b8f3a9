/** Tokens that the chat template adds to each message. */
const TOKENS_PER_MESSAGE = 4;

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/**
 * Counts the way this upstream counts: one token for each word of text, and 4 for each message of a chat.
 * Parts that are not text count as one token each.
 */
export function countInputTokens(input: unknown): number {
  if (typeof input === 'string') return words(input);
  if (!Array.isArray(input)) return 0;
  return input.reduce<number>((sum, item) => sum + countItem(item), 0);
}

function countItem(item: unknown): number {
  if (typeof item === 'string') return words(item);
  if (Array.isArray(item)) return item.length;
  if (typeof item === 'object' && item !== null && 'content' in item) {
    return TOKENS_PER_MESSAGE + countContent((item as { content: unknown }).content);
  }
  return 1;
}

function countContent(content: unknown): number {
  if (typeof content === 'string') return words(content);
  if (!Array.isArray(content)) return 0;
  return content.reduce<number>(
    (sum, part: { text?: unknown }) => sum + (typeof part.text === 'string' ? words(part.text) : 1),
    0,
  );
}

const VOCABULARY = [
  'water',
  'flows',
  'through',
  'the',
  'penstock',
  'and',
  'turns',
  'a',
  'turbine',
  'Größe',
  '🌊',
  '"quoted"',
];

/** The text of one generated token; the same for the same position. */
export function tokenText(position: number): string {
  return `${position === 0 ? '' : ' '}${VOCABULARY[position % VOCABULARY.length] ?? ''}`;
}
