import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import { CallItemReader } from './call-item-reader.ts';
import type { AnswerProgress, ItemReader } from './item-reader.ts';
import { countOf, objectOf, textOf } from './json-fields.ts';
import { MessageItemReader } from './message-item-reader.ts';
import { ReasoningItemReader } from './reasoning-item-reader.ts';

type Kind = 'message' | 'reasoning' | 'call';

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['message', 'message'],
  ['reasoning', 'reasoning'],
  ['function_call', 'call'],
  ['custom_tool_call', 'call'],
]);

/**
 * The readers of an answer's items. Items are told apart by `output_index`, never by their ids, which some providers change
 * with every event; ids only serve where there is no index. Items of hosted tools are skipped.
 */
export class OutputReaders {
  readonly #progress: AnswerProgress;
  /** The open or last reader of a place and kind. */
  readonly #places = new Map<string, ItemReader>();
  readonly #all: ItemReader[] = [];
  readonly #callIds = new Set<string>();
  readonly #kinds = new Set<Kind>();

  constructor(progress: AnswerProgress) {
    this.#progress = progress;
  }

  message(event: JsonObject): MessageItemReader {
    const create = (key: string): ItemReader => new MessageItemReader(key, this.#progress);
    return this.#reader(placeOf(event), 'message', create) as MessageItemReader;
  }

  reasoning(event: JsonObject): ReasoningItemReader {
    const create = (key: string): ItemReader => new ReasoningItemReader(key, this.#progress);
    return this.#reader(placeOf(event), 'reasoning', create) as ReasoningItemReader;
  }

  call(event: JsonObject, kind: 'function' | 'custom'): CallItemReader {
    const create = (key: string): ItemReader => new CallItemReader(key, this.#progress, kind);
    return this.#reader(placeOf(event), 'call', create) as CallItemReader;
  }

  added(event: JsonObject, item: JsonObject): readonly CanonicalEvent[] {
    const kind = this.#kindOf(item);
    if (!kind) return [];
    this.#forgetEnded(placeOf(event), kind, item);
    if (kind === 'call') return this.#itemCall(event, item).added(item);
    if (kind === 'reasoning') this.reasoning(event).added(item);
    else this.message(event);
    return [];
  }

  done(event: JsonObject, item: JsonObject): readonly CanonicalEvent[] {
    const kind = this.#kindOf(item);
    if (!kind) return [];
    if (kind === 'call') this.#forgetEnded(placeOf(event), kind, item);
    const reader = this.#readerOf(kind, event, item);
    return reader.ended ? [] : reader.done(item);
  }

  /** The whole output, which may be empty although items came before, or be all that ever comes. */
  complete(items: readonly JsonObject[]): readonly CanonicalEvent[] {
    const streamed = new Set(this.#kinds);
    const events = items.flatMap((item, index) => this.#completeItem(item, { output_index: index }, streamed));
    const open = this.#all.filter((reader) => !reader.ended);
    return [...events, ...open.flatMap((reader) => reader.end())];
  }

  #completeItem(item: JsonObject, event: JsonObject, streamed: ReadonlySet<Kind>): readonly CanonicalEvent[] {
    const kind = this.#kindOf(item);
    if (!kind) return [];
    const open = this.#places.get(`${placeOf(event)}/${kind}`);
    if (open && !open.ended) return open.done(item);
    const isNew = kind === 'call' ? !this.#callIds.has(textOf(item['call_id']) ?? '') : !streamed.has(kind);
    if (!isNew || (kind === 'call' && open)) return [];
    return this.#readerOf(kind, event, item).done(item);
  }

  #readerOf(kind: Kind, event: JsonObject, item: JsonObject): ItemReader {
    if (kind === 'call') return this.#itemCall(event, item);
    return kind === 'reasoning' ? this.reasoning(event) : this.message(event);
  }

  #itemCall(event: JsonObject, item: JsonObject): CallItemReader {
    this.#callIds.add(textOf(item['call_id']) ?? '');
    return this.call(event, item['type'] === 'custom_tool_call' ? 'custom' : 'function');
  }

  #kindOf(item: JsonObject): Kind | undefined {
    return KINDS.get(textOf(item['type']) ?? '');
  }

  /** A provider that gives all its items one index begins a new one with each id that it adds. */
  #forgetEnded(place: string, kind: Kind, item: JsonObject): void {
    const key = `${place}/${kind}`;
    const known = this.#places.get(key);
    const isOther =
      known instanceof CallItemReader && known.callId !== undefined && known.callId !== textOf(item['call_id']);
    if (isOther || (known?.ended && kind !== 'call')) this.#places.delete(key);
  }

  #reader(place: string, kind: Kind, create: (key: string) => ItemReader): ItemReader {
    const key = `${place}/${kind}`;
    const known = this.#places.get(key);
    if (known) return known;
    this.#kinds.add(kind);
    const reader = create(`${kind}-${this.#all.length}`);
    this.#all.push(reader);
    this.#places.set(key, reader);
    return reader;
  }
}

function placeOf(event: JsonObject): string {
  const index = countOf(event['output_index']);
  if (index !== undefined) return String(index);
  return `id:${textOf(event['item_id']) ?? textOf(objectOf(event['item'])?.['id']) ?? ''}`;
}
