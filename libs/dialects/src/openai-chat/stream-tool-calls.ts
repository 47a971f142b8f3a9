import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { argumentsText } from './decode-tool-call.ts';
import { defined } from './defined.ts';
import { isJsonObject, numberOf, objectOf, textOf } from './json-values.ts';
import { readCallSignature, type SignatureReader, splitCallId } from './signature-carriers.ts';

interface OpenCall {
  readonly key: string;
  /** Where the upstream says it stands; where it does not, the number of calls before it. */
  readonly index: number;
  readonly kind: 'function' | 'custom';
  id: string;
  name: string;
  signature: Signature | undefined;
  /** Arguments that wait for the start to be told. */
  held: string;
  started: boolean;
}

interface ToolCallContext {
  readonly choice: number;
  readonly createId: () => string;
  readonly readSignature: SignatureReader;
}

/**
 * Puts a choice's calls together from pieces. A call is told once its id and name are known; where the id never comes, one is made
 * up at the end. Indices may begin at 1, be missing, come in any order, or be 0 for every call.
 */
export class StreamToolCalls {
  readonly #context: ToolCallContext;
  readonly #open = new Map<number, OpenCall>();
  #count = 0;
  /** Whether a call was told. */
  hasCalls = false;
  /** Whether a call was dropped because nobody said which tool it is for. */
  hasNameless = false;

  constructor(context: ToolCallContext) {
    this.#context = context;
  }

  /** A piece of a call, from `delta.tool_calls`. */
  push(piece: JsonObject): readonly CanonicalEvent[] {
    const events: CanonicalEvent[] = [];
    const call = this.#callOf(piece, events);
    const inner = objectOf(piece[call.kind]);
    if (call.id === '') call.id = splitCallId(textOf(piece.id)).id;
    if (call.name === '') call.name = textOf(inner.name);
    call.signature ??= readCallSignature(piece, this.#context.readSignature);
    call.held += call.kind === 'custom' ? textOf(inner.input) : argumentsText(inner.arguments);
    if (call.started || (call.id !== '' && call.name !== '')) events.push(...this.#tell(call));
    return events;
  }

  /** The choice is complete: what waited for an id gets one, in the order of the indices. */
  end(): readonly CanonicalEvent[] {
    const calls = [...this.#open.values()].sort((one, other) => one.index - other.index);
    this.#open.clear();
    return calls.flatMap((call) => this.#finish(call));
  }

  /** The call that a piece belongs to; one that takes over another's index ends it. */
  #callOf(piece: JsonObject, events: CanonicalEvent[]): OpenCall {
    const index = this.#indexOf(piece);
    const open = this.#open.get(index);
    if (open && !isAnother(open, piece)) return open;
    if (open) events.push(...this.#finish(open));
    const call: OpenCall = {
      key: `call${this.#context.choice}.${this.#count}`,
      index,
      kind: isJsonObject(piece.custom) || piece.type === 'custom' ? 'custom' : 'function',
      id: '',
      name: '',
      signature: undefined,
      held: '',
      started: false,
    };
    this.#count += 1;
    this.#open.set(index, call);
    return call;
  }

  #indexOf(piece: JsonObject): number {
    const index = numberOf(piece.index);
    if (index !== null) return index;
    const id = splitCallId(textOf(piece.id)).id;
    const calls = [...this.#open.values()];
    const last = calls.at(-1);
    const known = id === '' || (last?.id === '' && nameIn(piece) === '') ? last : calls.find((call) => call.id === id);
    return known === undefined || isAnother(known, piece) ? this.#count : known.index;
  }

  #tell(call: OpenCall): readonly CanonicalEvent[] {
    const events: CanonicalEvent[] = [];
    const { key, id, name, kind, signature } = call;
    if (!call.started) {
      const choice = this.#context.choice || undefined;
      const start = { type: 'tool-call-start', key, id, name, kind, signature, choice } as const;
      events.push(defined<Extract<CanonicalEvent, { type: 'tool-call-start' }>>(start));
      call.started = true;
      this.hasCalls = true;
    }
    if (call.held !== '') events.push({ type: 'tool-call-arguments', key, text: call.held });
    call.held = '';
    return events;
  }

  #finish(call: OpenCall): readonly CanonicalEvent[] {
    if (call.name === '') {
      this.hasNameless = true;
      return [];
    }
    if (call.id === '') call.id = this.#context.createId();
    return [...this.#tell(call), { type: 'tool-call-end', key: call.key }];
  }
}

/**
 * A new id together with a name begins another call, though its index be the same; where the upstream gives no ids, another name
 * behind arguments does.
 */
function isAnother(open: OpenCall, piece: JsonObject): boolean {
  const id = splitCallId(textOf(piece.id)).id;
  const name = nameIn(piece);
  if (name === '') return false;
  if (id !== '') return open.id !== '' && id !== open.id;
  return open.id === '' && open.held !== '' && name !== open.name;
}

function nameIn(piece: JsonObject): string {
  return textOf(objectOf(piece.function).name) || textOf(objectOf(piece.custom).name);
}
