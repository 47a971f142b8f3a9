import type { JsonObject } from '../canonical/json.ts';
import type { EventWriter } from './event-writer.ts';
import { callItem, type OutgoingCall } from './output-items.ts';
import type { ItemStatus } from './schema.ts';

/** Writes one call of a function or of a custom tool. */
export class CallWriter {
  readonly #writer: EventWriter;
  readonly #call: Omit<OutgoingCall, 'text'>;
  readonly #index: number;
  #text = '';

  constructor(writer: EventWriter, call: Omit<OutgoingCall, 'text'>) {
    this.#writer = writer;
    this.#call = call;
    this.#index = writer.addItem(callItem({ ...call, text: '' }, 'in_progress'));
  }

  text(text: string): void {
    if (text === '') return;
    this.#text += text;
    const type = this.#isFunction ? 'response.function_call_arguments.delta' : 'response.custom_tool_call_input.delta';
    this.#emit(type, { delta: text });
  }

  /** A function called without arguments gets an empty object, since clients parse them. */
  close(status: ItemStatus): void {
    if (this.#text === '' && this.#isFunction && status === 'completed') this.text('{}');
    if (this.#isFunction) {
      this.#emit('response.function_call_arguments.done', { name: this.#call.name, arguments: this.#text });
    } else {
      this.#emit('response.custom_tool_call_input.done', { input: this.#text });
    }
    this.#writer.finishItem(this.#index, callItem({ ...this.#call, text: this.#text }, status));
  }

  get #isFunction(): boolean {
    return this.#call.kind === 'function';
  }

  #emit(type: string, fields: JsonObject): void {
    this.#writer.emit(type, { item_id: this.#call.itemId, output_index: this.#index, ...fields });
  }
}
