import { type CanonicalPart, type CanonicalResponse, type CanonicalUsage, openSignature } from '@penstock/dialects';

/** An answer as far as it means something. Neighbouring texts are one: pieces of a stream have no other boundaries. */
export interface AnswerView {
  readonly parts: readonly AnswerPartView[];
  readonly finish: string;
  readonly stopSequence: string | undefined;
  readonly usage: CanonicalUsage | null;
}

export type AnswerPartView =
  | { readonly type: 'text' | 'refusal'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string; readonly signature: string | null }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly input: unknown };

export function answerView({ choices, usage }: CanonicalResponse): AnswerView {
  const [choice] = choices;
  if (choice === undefined) throw new Error('an answer is never without a choice');
  const { reason, stopSequence } = choice.finish;
  return { parts: joinTexts(choice.parts.flatMap(partView)), finish: reason, stopSequence, usage };
}

/** Neighbouring texts as one. */
export function joinTexts(parts: readonly AnswerPartView[]): readonly AnswerPartView[] {
  const joined: AnswerPartView[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isText = part.type === 'text' || part.type === 'refusal';
    if (isText && last?.type === part.type)
      joined[joined.length - 1] = { type: part.type, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

/** Calls behind everything else, as Chat has them: what stands in fields of its own is in no order. */
export function withCallsLast(view: AnswerView): AnswerView {
  const rankOf = ({ type }: AnswerPartView): number => (type === 'tool-call' ? 1 : 0);
  return { ...view, parts: joinTexts(view.parts.toSorted((one, other) => rankOf(one) - rankOf(other))) };
}

function partView(part: CanonicalPart): readonly AnswerPartView[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: part.type, text: part.text }];
    case 'reasoning': {
      // Without text it carries the signature of a call, which callers of few dialects can have at the call itself.
      const signature = part.signature ? openedValue(part.signature.value) : null;
      return part.text === '' ? [] : [{ type: 'reasoning', text: part.text, signature }];
    }
    case 'tool-call':
      return [{ type: 'tool-call', id: part.id, name: part.name, input: JSON.parse(part.arguments) }];
    default:
      throw new Error(`no answer holds a part of type ${part.type}`);
  }
}

/** What the caller got is an envelope, in base64 where its dialect's field holds bytes. Null: there was none to be opened. */
function openedValue(value: string): string | null {
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const envelope = [value, decoded].find((text) => text.startsWith('gw1:'));
  return envelope === undefined ? value : (openSignature(envelope)?.value ?? null);
}
