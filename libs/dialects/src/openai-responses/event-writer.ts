import type { JsonObject } from '../canonical/json.ts';
import { sseFrame } from '../sse/sse-event.ts';

/** Numbers the events of one stream and keeps the finished items for the last one, in their order. */
export class EventWriter {
  #sequence = 0;
  #frames = '';
  readonly #items: (JsonObject | null)[] = [];

  emit(type: string, fields: JsonObject): void {
    this.#frames += sseFrame(JSON.stringify({ type, sequence_number: this.#sequence, ...fields }), type);
    this.#sequence += 1;
  }

  /** Announces an item; returns its `output_index`. */
  addItem(item: JsonObject): number {
    const index = this.#items.push(null) - 1;
    this.emit('response.output_item.added', { output_index: index, item });
    return index;
  }

  finishItem(index: number, item: JsonObject): void {
    this.#items[index] = item;
    this.emit('response.output_item.done', { output_index: index, item });
  }

  /** The finished items. */
  get output(): readonly JsonObject[] {
    return this.#items.filter((item) => item !== null);
  }

  /** What has been written since the last time. */
  take(): string {
    const frames = this.#frames;
    this.#frames = '';
    return frames;
  }
}
