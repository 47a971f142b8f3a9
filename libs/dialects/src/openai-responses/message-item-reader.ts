import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { readAnnotation } from './annotations.ts';
import type { AnswerProgress, ItemReader } from './item-reader.ts';
import { objectsOf, textOf } from './json-fields.ts';
import { toChatLogprobs } from './logprobs.ts';

interface ContentPart {
  readonly key: string;
  /** Where its text begins in the whole text of the answer. */
  readonly start: number;
  emitted: boolean;
  citations: number;
}

/** Reads a streamed message. What its deltas did not bring, the finished item does. */
export class MessageItemReader implements ItemReader {
  readonly #key: string;
  readonly #progress: AnswerProgress;
  readonly #parts = new Map<number, ContentPart>();
  ended = false;

  constructor(key: string, progress: AnswerProgress) {
    this.#key = key;
    this.#progress = progress;
  }

  text(index: number, text: string, tokens?: Json): readonly CanonicalEvent[] {
    if (text === '') return [];
    const part = this.#part(index);
    part.emitted = true;
    this.#progress.textLength += text.length;
    const logprobs = toChatLogprobs(tokens);
    return [{ type: 'text', key: part.key, text, ...(logprobs && { logprobs }) }];
  }

  refusal(index: number, text: string): readonly CanonicalEvent[] {
    if (text === '') return [];
    const part = this.#part(index);
    part.emitted = true;
    this.#progress.refused = true;
    return [{ type: 'refusal', key: part.key, text }];
  }

  /** The whole text or refusal of a part, which only says something new when no delta came before. */
  whole(index: number, part: JsonObject): readonly CanonicalEvent[] {
    if (this.#parts.get(index)?.emitted) return [];
    const refusal = textOf(part['refusal']);
    if (refusal !== undefined) return this.refusal(index, refusal);
    return this.text(index, textOf(part['text']) ?? '', part['logprobs']);
  }

  annotation(index: number, annotation: JsonObject): readonly CanonicalEvent[] {
    const part = this.#part(index);
    part.citations += 1;
    return [{ type: 'citation', key: part.key, citation: readAnnotation(annotation, part.start) }];
  }

  done(item: JsonObject): readonly CanonicalEvent[] {
    const events = objectsOf(item['content']).flatMap((part, index) => {
      const whole = this.whole(index, part);
      const known = this.#parts.get(index)?.citations ?? 0;
      const annotations = objectsOf(part['annotations']).slice(known);
      return [...whole, ...annotations.flatMap((annotation) => this.annotation(index, annotation))];
    });
    return [...events, ...this.end()];
  }

  end(): readonly CanonicalEvent[] {
    this.ended = true;
    return [...this.#parts.values()].map(({ key }) => ({ type: 'part-end', key }));
  }

  #part(index: number): ContentPart {
    const known = this.#parts.get(index);
    if (known) return known;
    const key = `${this.#key}.${index}`;
    const part = { key, start: this.#progress.textLength, emitted: false, citations: 0 };
    this.#parts.set(index, part);
    return part;
  }
}
