import type { CanonicalEvent } from '../canonical-event.ts';
import type { CallerTool } from '../prepare-context.ts';
import { finishOfOutput } from './restore-response.ts';
import { unwrapInput } from './unwrap-input.ts';

/** A synchronous reducer between the decoder of an upstream's stream and the encoder of the caller's. */
export interface EventRestorer {
  push(event: CanonicalEvent): readonly CanonicalEvent[];
}

/** The arguments of a wrapped call that has not ended. */
interface HeldCall {
  readonly choice: number;
  readonly pieces: string[];
}

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { readonly type: T }>;

/**
 * Puts the caller's tools back into a stream, as `restoreResponse` does into a whole answer. The input of a wrapped freeform
 * tool is held back until its call ends, since it stands within JSON.
 */
export function createEventRestorer(renamedTools: ReadonlyMap<string, CallerTool>, outputTool?: string): EventRestorer {
  if (renamedTools.size === 0 && outputTool === undefined) return { push: (event) => [event] };
  return new Restorer(renamedTools, outputTool);
}

class Restorer implements EventRestorer {
  readonly #renamedTools: ReadonlyMap<string, CallerTool>;
  readonly #outputTool: string | undefined;
  /** Wrapped calls that have not ended, by key. */
  readonly #held = new Map<string, HeldCall>();
  /** Choices of the calls that are the structured output, by key. */
  readonly #outputs = new Map<string, number>();
  /** Choices with a call of a tool of the caller's. */
  readonly #calling = new Set<number>();

  constructor(renamedTools: ReadonlyMap<string, CallerTool>, outputTool: string | undefined) {
    this.#renamedTools = renamedTools;
    this.#outputTool = outputTool;
  }

  push(event: CanonicalEvent): readonly CanonicalEvent[] {
    switch (event.type) {
      case 'tool-call-start':
        return this.#start(event);
      case 'tool-call-arguments':
        return this.#arguments(event);
      case 'tool-call-end':
        return this.#end(event);
      case 'finish':
        return [...this.#release((choice) => choice === (event.choice ?? 0)), this.#finish(event)];
      case 'end':
        return [...this.#release(() => true), event];
      default:
        return [event];
    }
  }

  #start(event: EventOf<'tool-call-start'>): readonly CanonicalEvent[] {
    const { key, name, kind, choice = 0 } = event;
    if (name === this.#outputTool) {
      this.#outputs.set(key, choice);
      return [];
    }
    this.#calling.add(choice);
    const tool = this.#renamedTools.get(name);
    if (!tool) return [event];
    if (tool.kind === 'custom' && kind === 'function') this.#held.set(key, { choice, pieces: [] });
    return [{ ...event, ...tool }];
  }

  #arguments(event: EventOf<'tool-call-arguments'>): readonly CanonicalEvent[] {
    const { key, text } = event;
    const choice = this.#outputs.get(key);
    if (choice !== undefined) return [{ type: 'text', key, text, ...(choice !== 0 && { choice }) }];
    const held = this.#held.get(key);
    if (!held) return [event];
    held.pieces.push(text);
    return [];
  }

  #end(event: EventOf<'tool-call-end'>): readonly CanonicalEvent[] {
    const { key } = event;
    if (this.#outputs.has(key)) return [{ type: 'part-end', key }];
    const held = this.#held.get(key);
    if (!held) return [event];
    this.#held.delete(key);
    return [...inputOf(key, held), event];
  }

  /** Calls that the upstream did not end end with the answer. */
  #release(isOver: (choice: number) => boolean): readonly CanonicalEvent[] {
    const over = [...this.#held].filter(([, { choice }]) => isOver(choice));
    return over.flatMap(([key, held]) => {
      this.#held.delete(key);
      return [...inputOf(key, held), { type: 'tool-call-end', key }];
    });
  }

  #finish(event: EventOf<'finish'>): CanonicalEvent {
    const choice = event.choice ?? 0;
    const wasOutput = [...this.#outputs.values()].includes(choice);
    return wasOutput && !this.#calling.has(choice) ? { ...event, finish: finishOfOutput(event.finish) } : event;
  }
}

function inputOf(key: string, { pieces }: HeldCall): CanonicalEvent[] {
  const text = unwrapInput(pieces.join(''));
  return text === '' ? [] : [{ type: 'tool-call-arguments', key, text }];
}
