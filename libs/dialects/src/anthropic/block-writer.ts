import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Signature } from '../canonical/signature.ts';
import { CallArguments } from './call-arguments.ts';
import { eventFrame } from './event-frame.ts';
import type { WireBlock } from './schema.ts';
import { writeSignature } from './wire-signature.ts';

type Of<Type extends CanonicalEvent['type']> = Extract<CanonicalEvent, { readonly type: Type }>;

/** Events that belong to one part of the answer. */
export type PartEvent = Extract<CanonicalEvent, { readonly key: string }>;

type OpenBlock = { readonly key: string } & (
  | { readonly kind: 'text' }
  | { readonly kind: 'thinking'; signature?: Signature }
  | { readonly kind: 'call'; readonly arguments: CallArguments }
);

/** Writes the blocks of a streamed message, one after the other, numbered from 0; none is ever empty text. */
export class BlockWriter {
  readonly #showsThinking: boolean;
  #nextIndex = 0;
  #open: OpenBlock | null = null;
  /** Whether the message has a call. */
  hasCalls = false;

  /** `showsThinking`: false for a caller who wants the signatures alone. */
  constructor(showsThinking: boolean) {
    this.#showsThinking = showsThinking;
  }

  /** Key of the call that is open. */
  get openCall(): string | null {
    return this.#open?.kind === 'call' ? this.#open.key : null;
  }

  write(event: PartEvent): string {
    switch (event.type) {
      case 'text':
      case 'refusal':
        return this.#text(event.key, event.text);
      case 'reasoning':
        return this.#thinking(event.key, event.text);
      case 'reasoning-signature':
        return this.#signature(event);
      case 'citation':
        return this.#citation(event);
      case 'tool-call-start':
        return this.#startCall(event);
      case 'tool-call-arguments':
        return this.#arguments(event);
      case 'tool-call-end':
      case 'part-end':
        return this.#endPart(event.key);
      // Anthropic has no place for the signature of a text, and no vendor demands it back.
      case 'text-signature':
        return '';
    }
  }

  #endPart(key: string): string {
    return this.#open?.key === key ? this.close() : '';
  }

  /** Completes the open block, if there is one. */
  close(): string {
    const open = this.#open;
    if (open === null) return '';
    this.#open = null;
    const stop = eventFrame({ type: 'content_block_stop', ...this.#at() });
    if (open.kind === 'thinking')
      return this.#delta({ type: 'signature_delta', signature: writeSignature(open.signature) }) + stop;
    return open.kind === 'call' ? this.#json(open.arguments.end()) + stop : stop;
  }

  #text(key: string, text: string): string {
    if (text === '') return '';
    const start = this.#isOpen('text', key)
      ? ''
      : this.#start({ type: 'text', text: '', citations: null }, { kind: 'text', key });
    return start + this.#delta({ type: 'text_delta', text });
  }

  #thinking(key: string, thinking: string): string {
    if (thinking === '' || !this.#showsThinking) return '';
    return this.#startThinking(key) + this.#delta({ type: 'thinking_delta', thinking });
  }

  #startThinking(key: string): string {
    if (this.#isOpen('thinking', key)) return '';
    return this.#start({ type: 'thinking', thinking: '', signature: '' }, { kind: 'thinking', key });
  }

  #signature({ key, signature, redacted }: Of<'reasoning-signature'>): string {
    if (redacted === true) {
      const block = { type: 'redacted_thinking', data: writeSignature(signature) } as const;
      return this.#start(block, { kind: 'text', key }) + this.close();
    }
    const start = this.#startThinking(key);
    if (this.#open?.kind === 'thinking') this.#open.signature = signature;
    return start;
  }

  /** Only where its text stands: a citation of another dialect has no form here, and one without text no block. */
  #citation({ key, citation }: Of<'citation'>): string {
    if (!this.#isOpen('text', key) || citation.native?.dialect !== 'anthropic') return '';
    return this.#delta({ type: 'citations_delta', citation: citation.native.value });
  }

  /** Gemini's signature of a call travels in an empty thinking block before it. */
  #startCall({ key, id, name, kind, signature }: Of<'tool-call-start'>): string {
    this.hasCalls = true;
    const signed = signature === undefined ? '' : this.close() + this.#startThinking(`${key}:signature`);
    if (this.#open?.kind === 'thinking' && signature !== undefined) this.#open.signature = signature;
    const block = { type: 'tool_use', id, name, input: {}, caller: { type: 'direct' } } as const;
    return signed + this.#start(block, { kind: 'call', key, arguments: new CallArguments(kind === 'custom') });
  }

  #arguments({ key, text }: Of<'tool-call-arguments'>): string {
    return this.#open?.kind === 'call' && this.#open.key === key ? this.#json(this.#open.arguments.push(text)) : '';
  }

  #json(partial_json: string): string {
    return partial_json === '' ? '' : this.#delta({ type: 'input_json_delta', partial_json });
  }

  #isOpen(kind: OpenBlock['kind'], key: string): boolean {
    return this.#open?.kind === kind && this.#open.key === key;
  }

  #start(content_block: WireBlock, block: OpenBlock): string {
    const closed = this.close();
    this.#open = block;
    this.#nextIndex += 1;
    return closed + eventFrame({ type: 'content_block_start', ...this.#at(), content_block });
  }

  #delta(delta: object): string {
    return eventFrame({ type: 'content_block_delta', ...this.#at(), delta });
  }

  /** Index of the block that was begun last. */
  #at(): { readonly index: number } {
    return { index: this.#nextIndex - 1 };
  }
}
