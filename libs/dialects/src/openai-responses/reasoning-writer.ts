import type { JsonObject } from '../canonical/json.ts';
import type { EventWriter } from './event-writer.ts';
import { reasoningItem } from './output-items.ts';

/** Writes one reasoning item with its summary, which is opened with its first text. */
export class ReasoningWriter {
  readonly #writer: EventWriter;
  readonly #id: string;
  readonly #index: number;
  readonly key: string;
  #text = '';

  constructor(writer: EventWriter, id: string, key: string) {
    this.#writer = writer;
    this.#id = id;
    this.key = key;
    this.#index = writer.addItem(reasoningItem(id, '', undefined));
  }

  text(text: string): void {
    if (this.#text === '') this.#emit('response.reasoning_summary_part.added', { part: summaryPart('') });
    this.#text += text;
    this.#emit('response.reasoning_summary_text.delta', { delta: text });
  }

  /** `encrypted`: undefined when the caller did not ask for it, null when there is none. */
  close(encrypted: string | null | undefined): void {
    if (this.#text !== '') {
      this.#emit('response.reasoning_summary_text.done', { text: this.#text });
      this.#emit('response.reasoning_summary_part.done', { part: summaryPart(this.#text) });
    }
    this.#writer.finishItem(this.#index, reasoningItem(this.#id, this.#text, encrypted));
  }

  #emit(type: string, fields: JsonObject): void {
    this.#writer.emit(type, { item_id: this.#id, output_index: this.#index, summary_index: 0, ...fields });
  }
}

const summaryPart = (text: string): JsonObject => ({ type: 'summary_text', text });
