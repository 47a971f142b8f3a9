import type { Citation } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { writeAnnotation } from './annotations.ts';
import type { EventWriter } from './event-writer.ts';
import { fromChatLogprobs } from './logprobs.ts';
import { messageItem } from './output-items.ts';
import type { ItemStatus, ResponseOutputMessage } from './schema.ts';

interface OpenPart {
  readonly kind: 'text' | 'refusal';
  readonly key: string;
  /** Where it begins in the whole text of the answer, in UTF-16 units. */
  readonly start: number;
  text: string;
  readonly annotations: JsonObject[];
  readonly logprobs: JsonObject[];
}

/** Writes one message item: a content part for each key, one after the other. */
export class MessageWriter {
  readonly #writer: EventWriter;
  readonly #id: string;
  readonly #index: number;
  readonly #content: ResponseOutputMessage['content'][number][] = [];
  #open: OpenPart | null = null;

  constructor(writer: EventWriter, id: string) {
    this.#writer = writer;
    this.#id = id;
    this.#index = writer.addItem(messageItem(id, 'in_progress', []));
  }

  text(key: string, text: string, at: { readonly start: number; readonly logprobs?: Json | undefined }): void {
    const part = this.#part('text', key, at.start);
    const logprobs = fromChatLogprobs(at.logprobs);
    part.text += text;
    part.logprobs.push(...logprobs);
    this.#emit('response.output_text.delta', { delta: text, logprobs });
  }

  refusal(key: string, text: string): void {
    this.#part('refusal', key, 0).text += text;
    this.#emit('response.refusal.delta', { delta: text });
  }

  /** A citation of the open text; one that comes after its text is lost. */
  citation(key: string, citation: Citation): void {
    const part = this.#open;
    if (part?.kind !== 'text' || part.key !== key) return;
    const annotation = writeAnnotation(citation, { start: part.start, length: part.text.length });
    if (!annotation) return;
    part.annotations.push(annotation);
    const annotationIndex = part.annotations.length - 1;
    this.#emit('response.output_text.annotation.added', { annotation_index: annotationIndex, annotation });
  }

  close(status: ItemStatus): void {
    this.#closePart();
    this.#writer.finishItem(this.#index, messageItem(this.#id, status, this.#content));
  }

  #part(kind: OpenPart['kind'], key: string, start: number): OpenPart {
    if (this.#open?.key === key && this.#open.kind === kind) return this.#open;
    this.#closePart();
    this.#open = { kind, key, start, text: '', annotations: [], logprobs: [] };
    this.#emit('response.content_part.added', { part: contentOf(this.#open) });
    return this.#open;
  }

  #closePart(): void {
    const part = this.#open;
    if (!part) return;
    const content = contentOf(part);
    if (part.kind === 'refusal') this.#emit('response.refusal.done', { refusal: part.text });
    else this.#emit('response.output_text.done', { text: part.text, logprobs: part.logprobs });
    this.#emit('response.content_part.done', { part: content });
    this.#content.push(content);
    this.#open = null;
  }

  #emit(type: string, fields: JsonObject): void {
    const place = { item_id: this.#id, output_index: this.#index, content_index: this.#content.length };
    this.#writer.emit(type, { ...place, ...fields });
  }
}

function contentOf({ kind, text, annotations, logprobs }: OpenPart): ResponseOutputMessage['content'][number] {
  return kind === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations, logprobs };
}
