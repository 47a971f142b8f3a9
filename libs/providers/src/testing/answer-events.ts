import type { CanonicalEvent, CanonicalPart, CanonicalResponse } from '@penstock/dialects';

/** The events by which an answer of one choice is streamed. `cut` divides its texts into pieces. */
export function eventsOf(
  { id, model, choices, usage }: CanonicalResponse,
  cut: (text: string) => readonly string[],
): readonly CanonicalEvent[] {
  const [choice] = choices;
  if (choice === undefined) throw new Error('an answer is never without a choice');
  return [
    { type: 'start', id, model },
    ...choice.parts.flatMap((part, index) => partEvents(part, `p${index}`, cut)),
    { type: 'finish', finish: choice.finish },
    ...(usage === null ? [] : [{ type: 'usage' as const, usage }]),
    { type: 'end' },
  ];
}

function partEvents(
  part: CanonicalPart,
  key: string,
  cut: (text: string) => readonly string[],
): readonly CanonicalEvent[] {
  switch (part.type) {
    case 'text':
    case 'refusal': {
      const { type } = part;
      return [...cut(part.text).map((text) => ({ type, key, text })), { type: 'part-end', key }];
    }
    case 'reasoning': {
      const pieces = cut(part.text).map((text) => ({ type: 'reasoning' as const, key, text }));
      const { signature } = part;
      return [
        ...pieces,
        ...(signature ? [{ type: 'reasoning-signature' as const, key, signature }] : []),
        { type: 'part-end', key },
      ];
    }
    case 'tool-call': {
      const { id, name, kind } = part;
      const pieces = cut(part.arguments).map((text) => ({ type: 'tool-call-arguments' as const, key, text }));
      return [{ type: 'tool-call-start', key, id, name, kind }, ...pieces, { type: 'tool-call-end', key }];
    }
    default:
      throw new Error(`no answer holds a part of type ${part.type}`);
  }
}

type Draft = { readonly key: string; part: CanonicalPart };

/** The answer that a stream tells, once it has ended; throws for one that does not end well. */
export function answerOf(events: readonly CanonicalEvent[]): CanonicalResponse {
  const drafts: Draft[] = [];
  let answer: CanonicalResponse = { id: '', model: '', choices: [], usage: null };
  for (const event of events) {
    if (event.type === 'error') throw new Error(`the stream failed: ${event.error.message}`);
    if (event.type === 'usage') answer = { ...answer, usage: { ...(answer.usage ?? EMPTY), ...event.usage } };
    else if (event.type === 'finish') answer = { ...answer, choices: [{ parts: [], finish: event.finish }] };
    else if ('key' in event) addTo(drafts, event);
  }
  const [choice] = answer.choices;
  if (events.at(-1)?.type !== 'end' || choice === undefined) throw new Error('the stream does not end');
  return { ...answer, choices: [{ ...choice, parts: drafts.map(({ part }) => part) }] };
}

const EMPTY = { inputUncached: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };

function addTo(drafts: Draft[], event: Extract<CanonicalEvent, { readonly key: string }>): void {
  const { key } = event;
  const known = drafts.findLast((draft) => draft.key === key && isOf(draft.part, event.type));
  const started = known === undefined ? startOf(event) : undefined;
  if (started) drafts.push({ key, part: started });
  const draft = known ?? (started && drafts.at(-1));
  if (draft) draft.part = grown(draft.part, event);
}

const TYPES: Partial<Record<CanonicalEvent['type'], CanonicalPart['type']>> = {
  text: 'text',
  'text-signature': 'text',
  refusal: 'refusal',
  reasoning: 'reasoning',
  'reasoning-signature': 'reasoning',
  'tool-call-start': 'tool-call',
  'tool-call-arguments': 'tool-call',
};

const isOf = (part: CanonicalPart, type: CanonicalEvent['type']): boolean => TYPES[type] === part.type;

function startOf(event: CanonicalEvent): CanonicalPart | undefined {
  const type = TYPES[event.type];
  if (event.type === 'tool-call-start') {
    return { type: 'tool-call', id: event.id, name: event.name, kind: event.kind, arguments: '' };
  }
  return type === 'text' || type === 'refusal' || type === 'reasoning' ? { type, text: '' } : undefined;
}

function grown(part: CanonicalPart, event: CanonicalEvent): CanonicalPart {
  if (part.type === 'tool-call')
    return event.type === 'tool-call-arguments' ? { ...part, arguments: part.arguments + event.text } : part;
  if (part.type === 'reasoning' && event.type === 'reasoning-signature') return { ...part, signature: event.signature };
  if (!('text' in part) || !('text' in event)) return part;
  return { ...part, text: part.text + event.text } as CanonicalPart;
}
