import type { Cell } from './cell.ts';

export const featureNames = [
  'text',
  'stream',
  'tools',
  'parallel-tools',
  'images',
  'structured-output',
  'reasoning',
  'errors',
] as const;
export type FeatureName = (typeof featureNames)[number];

/** Throws when a caller and an upstream do not get on. */
export type Check = (cell: Cell) => Promise<void>;

/** The columns of the matrix, as the docs explain them. */
export const features: Readonly<Record<FeatureName, { readonly title: string; readonly meaning: string }>> = {
  text: {
    title: 'text',
    meaning:
      'Question and answer arrive to the character, also in a second turn; the ending (also at the bound of the output) and the tokens (also cached ones) are told as the vendor told them.',
  },
  stream: {
    title: 'stream',
    meaning: "The same as a stream, also when the vendor's bytes come in pieces that cut events and characters in two.",
  },
  tools: {
    title: 'tools',
    meaning:
      'A call with its name, arguments and id, also behind a text, streamed and not; the vendor finds its result with the call in the next request.',
  },
  'parallel-tools': {
    title: 'parallel tools',
    meaning: 'Two calls in one turn, streamed and not: each has an id of its own, each result comes back to its call.',
  },
  images: { title: 'images', meaning: 'The bytes of an image beside a text arrive whole.' },
  'structured-output': {
    title: 'structured output',
    meaning: "The caller's JSON schema holds the answer, streamed and not, by whatever means the vendor has for it.",
  },
  reasoning: {
    title: 'reasoning',
    meaning:
      'Asked to think, the model does. Thoughts are shown where the vendor shows them (Chat Completions of OpenAI and Azure do not) and their tokens counted where it counts them; its signatures come back to it with the results of tools, so that it goes on thinking where it stopped.',
  },
  errors: {
    title: 'errors',
    meaning:
      "Rate limit (429 with `retry-after`), refused credential (502), overload and a prompt that is too long, in the caller's own dialect; an error as first event is a status, one amid the stream or a stream that breaks off is an error event and never looks complete.",
  },
};
