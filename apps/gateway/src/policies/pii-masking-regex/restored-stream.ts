import type { CanonicalEvent } from '@penstock/dialects';
import type { StreamFilter } from '../policy.ts';
import { ChoiceKeys } from '../text/choice-keys.ts';
import { escapeJson, type MaskedValues } from './masked-values.ts';

type Piece = Extract<CanonicalEvent, { readonly text: string }>;

interface Open {
  readonly choice: number;
  /** The last event of the part, as which the rest goes on. */
  readonly event: Piece;
  /** What may be the beginning of a placeholder. */
  readonly text: string;
}

/**
 * Puts values back into a streamed answer: text, reasoning and the arguments of tool calls. The end of a piece that may be the
 * beginning of a placeholder waits for the next one of its part.
 */
export class RestoredStream implements StreamFilter {
  readonly #values: MaskedValues;
  readonly #keys = new ChoiceKeys();
  readonly #open = new Map<string, Open>();
  /** Tools whose input is bare text; that of others is JSON. */
  readonly #bare = new Set<string>();

  constructor(values: MaskedValues) {
    this.#values = values;
  }

  push(event: CanonicalEvent): readonly CanonicalEvent[] {
    const choice = this.#keys.choiceOf(event);
    if (event.type === 'tool-call-start' && event.kind === 'custom') this.#bare.add(event.key);
    if ('text' in event) return [...this.#closeOthers(event, choice ?? 0), ...this.#piece(event, choice ?? 0)];
    return [...this.#closeBefore(event, choice), event];
  }

  #piece(event: Piece, choice: number): readonly CanonicalEvent[] {
    const { key } = event;
    const text = (this.#open.get(key)?.text ?? '') + event.text;
    const openLength = this.#values.openLength(text);
    const ready = text.slice(0, text.length - openLength);
    this.#open.delete(key);
    if (openLength > 0) this.#open.set(key, { choice, event: withoutLogprobs(event), text: text.slice(ready.length) });
    const restored = this.#restore(event, ready);
    if (restored === event.text) return [event];
    return restored === '' ? [] : [{ ...withoutLogprobs(event), text: restored }];
  }

  #restore({ type, key }: Piece, text: string): string {
    const isJson = type === 'tool-call-arguments' && !this.#bare.has(key);
    return this.#values.restore(text, isJson ? escapeJson : undefined);
  }

  /** Calls may be told side by side; of everything else a new part ends the one before. */
  #closeOthers({ type, key }: Piece, choice: number): readonly CanonicalEvent[] {
    return this.#close(
      (open, other) => other !== key && open.choice === choice && !(isCall(type) && isCall(open.event.type)),
    );
  }

  #closeBefore(event: CanonicalEvent, choice: number | null): readonly CanonicalEvent[] {
    switch (event.type) {
      case 'part-end':
      case 'tool-call-end':
      case 'text-signature':
      case 'reasoning-signature':
        return this.#close((_open, key) => key === event.key);
      case 'tool-call-start':
        return this.#close((open) => open.choice === choice && !isCall(open.event.type));
      case 'finish':
        return this.#close((open) => open.choice === choice);
      case 'end':
        return this.#close(() => true);
      default:
        return [];
    }
  }

  #close(chosen: (open: Open, key: string) => boolean): readonly CanonicalEvent[] {
    return [...this.#open].flatMap(([key, open]) => {
      if (!chosen(open, key)) return [];
      this.#open.delete(key);
      return [{ ...open.event, text: open.text }];
    });
  }
}

function isCall(type: CanonicalEvent['type']): boolean {
  return type === 'tool-call-arguments';
}

/** How likely the tokens were is said of the tokens as they came. */
function withoutLogprobs(event: Piece): Piece {
  if (event.type !== 'text') return event;
  const { logprobs: _, ...rest } = event;
  return rest;
}
