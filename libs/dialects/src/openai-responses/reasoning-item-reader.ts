import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import { reasoningTexts } from './decode-output.ts';
import type { AnswerProgress, ItemReader } from './item-reader.ts';
import { textOf } from './json-fields.ts';

/** Reads streamed reasoning: its summary, or the reasoning itself, whichever comes first. */
export class ReasoningItemReader implements ItemReader {
  readonly #key: string;
  readonly #progress: AnswerProgress;
  #source: 'summary' | 'content' | null = null;
  readonly #indexes = new Set<number>();
  /** Present on the new item already, but only the finished item's holds. */
  #signature: string | undefined;
  ended = false;

  constructor(key: string, progress: AnswerProgress) {
    this.#key = key;
    this.#progress = progress;
  }

  added(item: JsonObject): void {
    this.#signature = textOf(item['encrypted_content']);
  }

  /** A piece of a summary or content part; parts are told apart by an empty line. */
  text(source: 'summary' | 'content', index: number, text: string): readonly CanonicalEvent[] {
    if (text === '' || (this.#source ?? source) !== source) return [];
    const separator = this.#indexes.size > 0 && !this.#indexes.has(index) ? '\n\n' : '';
    this.#source = source;
    this.#indexes.add(index);
    return [{ type: 'reasoning', key: this.#key, text: separator + text }];
  }

  /** The whole text of a part, which only says something new when no delta came before. */
  whole(source: 'summary' | 'content', index: number, text: string): readonly CanonicalEvent[] {
    return this.#indexes.has(index) ? [] : this.text(source, index, text);
  }

  done(item: JsonObject): readonly CanonicalEvent[] {
    const isNew = this.#source === null;
    const texts = isNew ? reasoningTexts(item).flatMap((text, index) => this.text('summary', index, text)) : [];
    this.#signature = textOf(item['encrypted_content']) ?? this.#signature;
    return [...texts, ...this.end()];
  }

  end(): readonly CanonicalEvent[] {
    this.ended = true;
    const value = this.#signature;
    if (this.#source === null && value === undefined) return [];
    const signature = { ...this.#progress.context.origin, value: value ?? '' };
    const signed: readonly CanonicalEvent[] =
      value === undefined ? [] : [{ type: 'reasoning-signature', key: this.#key, signature }];
    return [...signed, { type: 'part-end', key: this.#key }];
  }
}
