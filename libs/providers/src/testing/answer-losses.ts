import type { Dialect } from '@penstock/contracts';
import { type AnswerPartView, type AnswerView, joinTexts, withCallsLast } from './answer-view.ts';

/** Something of an answer that its caller's dialect has no word for. */
export interface AnswerLoss {
  readonly clients: readonly Dialect[];
  readonly what: string;
  readonly why: string;
  apply(view: AnswerView): AnswerView;
}

const withFinish =
  (from: string, to: string) =>
  (view: AnswerView): AnswerView =>
    view.finish === from ? { ...view, finish: to } : view;
const hasRefusal = ({ parts }: AnswerView): boolean => parts.some(({ type }) => type === 'refusal');
const hasCalls = ({ parts }: AnswerView): boolean => parts.some(({ type }) => type === 'tool-call');
const refusalAsText = (part: AnswerPartView): AnswerPartView =>
  part.type === 'refusal' ? { type: 'text', text: part.text } : part;

/** All that an answer loses on its way to callers of a dialect, in the order in which it happens. */
export const ANSWER_LOSSES: readonly AnswerLoss[] = [
  {
    clients: ['openai-chat', 'openai-responses', 'gemini'],
    what: 'which stop sequence ended the answer, and that one did',
    why: 'The dialect calls it a stop like any other.',
    apply: (view) => ({ ...withFinish('stop-sequence', 'stop')(view), stopSequence: undefined }),
  },
  {
    clients: ['openai-chat'],
    what: "that a refusal without words of its own was the model's and no filter's",
    why: 'The dialect has `content_filter` for both.',
    apply: (view) => (hasRefusal(view) ? view : withFinish('refusal', 'content-filter')(view)),
  },
  {
    clients: ['openai-responses'],
    what: 'nothing; a refusal without words of its own gets some',
    why: 'It would be taken for an empty answer.',
    apply: (view) =>
      view.finish !== 'refusal' || hasRefusal(view)
        ? view
        : { ...view, parts: [...view.parts, { type: 'refusal', text: 'The model refused to answer.' }] },
  },
  {
    clients: ['openai-responses'],
    what: 'that a refusal ended an answer with calls',
    why: 'The dialect has no reason of the end; a completed answer with calls is one of calls.',
    apply: (view) => (hasCalls(view) ? withFinish('refusal', 'tool-calls')(view) : view),
  },
  {
    clients: ['openai-chat'],
    what: 'that words stood behind a call',
    why: 'A message has one content and then its calls.',
    apply: withCallsLast,
  },
  {
    clients: ['anthropic', 'gemini'],
    what: 'that words are those of a refusal',
    why: 'The dialect has no such part; why the answer ended tells of it.',
    apply: (view) => ({ ...view, parts: joinTexts(view.parts.map(refusalAsText)) }),
  },
  {
    clients: ['anthropic'],
    what: 'that a filter stopped the answer and not the model itself',
    why: 'The dialect has `refusal` for both.',
    apply: withFinish('content-filter', 'refusal'),
  },
  {
    clients: ['gemini'],
    what: 'that the model itself refused and no filter did',
    why: 'The dialect has `SAFETY` for both.',
    apply: withFinish('refusal', 'content-filter'),
  },
  {
    clients: ['openai-responses'],
    what: 'whether no reasoning was counted or none was reported',
    why: 'Clients insist on the number.',
    apply: (view) => ({ ...view, usage: view.usage && { reasoning: 0, ...view.usage } }),
  },
  {
    clients: ['gemini'],
    what: 'how much was written to the cache, which counts as other input, and that no reasoning was counted',
    why: 'The dialect reports what was read from a cache only, and thoughts where there were some.',
    apply: ({ usage, ...view }) => ({ ...view, usage: usage && withoutWrites(usage) }),
  },
];

function withoutWrites({ reasoning, ...usage }: NonNullable<AnswerView['usage']>): AnswerView['usage'] {
  const inputUncached = usage.inputUncached + usage.cacheWrite5m + usage.cacheWrite1h;
  return {
    ...usage,
    inputUncached,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    ...(reasoning !== undefined && reasoning > 0 && { reasoning }),
  };
}
