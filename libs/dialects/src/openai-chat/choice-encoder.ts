import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import type { Json } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { CallEncoder } from './call-encoder.ts';
import { encodeAnnotation } from './encode-annotation.ts';
import { encryptedDetail, signatureFields, textDetail } from './encode-reasoning-details.ts';
import { encodeFinish } from './finish-reason.ts';
import type { ChatChunkChoice, ChatDelta, ChatFinishReason } from './schema.ts';
import { googleExtraContent } from './signature-carriers.ts';

type EventOf<Type extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: Type }>;
type PartEvent = Exclude<CanonicalEvent, EventOf<'start' | 'usage' | 'ping' | 'error' | 'end' | 'finish'>>;

/** A part of the reasoning: its number, and what was said of it so far. */
interface ReasoningState {
  readonly index: number;
  text: string;
}

/** Writes the chunks of one choice. */
export class ChoiceEncoder {
  readonly #index: number;
  readonly #seal: (signature: Signature) => string;
  readonly #hidesReasoning: boolean;
  readonly #isLegacy: boolean;
  readonly #calls: CallEncoder;
  /** Each part of the reasoning, by its key. */
  readonly #reasoning = new Map<string, ReasoningState>();
  /** Where each text begins in the whole content, by its key. */
  readonly #textStarts = new Map<string, number>();
  #contentLength = 0;
  #hasRefusal = false;
  #begun = false;
  #finished = false;

  constructor(index: number, request: CanonicalRequest, seal: (signature: Signature) => string) {
    this.#index = index;
    this.#seal = seal;
    this.#hidesReasoning = request.reasoning?.display === 'omitted';
    this.#isLegacy = request.answer.legacyFunctions === true;
    this.#calls = new CallEncoder(this.#isLegacy, seal);
  }

  /** The chunk that names the role, before all others and only once. */
  begin(): readonly ChatChunkChoice[] {
    if (this.#begun) return [];
    this.#begun = true;
    return [this.#choice({ role: 'assistant', content: '' })];
  }

  push(event: PartEvent): readonly ChatChunkChoice[] {
    if (this.#finished) return [];
    const delta = this.#deltaOf(event);
    if (delta === null) return [];
    const logprobs = event.type === 'text' ? (event.logprobs ?? null) : null;
    return [...this.begin(), this.#choice(delta, null, logprobs)];
  }

  finish({ reason, explanation }: Finish): readonly ChatChunkChoice[] {
    if (this.#finished) return [];
    this.#finished = true;
    const open = this.#calls.finish().map((delta) => this.#choice(delta));
    const isExplained = reason === 'refusal' && !this.#hasRefusal && explanation !== undefined && explanation !== '';
    const told = isExplained ? [this.#choice({ refusal: explanation })] : [];
    const end = this.#choice({}, encodeFinish(reason, this.#hasRefusal, this.#isLegacy));
    return [...this.begin(), ...open, ...told, end];
  }

  #deltaOf(event: PartEvent): ChatDelta | null {
    switch (event.type) {
      case 'text':
        return this.#text(event);
      case 'refusal':
        this.#hasRefusal = true;
        return { refusal: event.text };
      case 'reasoning':
        return this.#reasoningText(event);
      case 'reasoning-signature':
        return this.#reasoningSignature(event);
      case 'text-signature':
        return { extra_content: googleExtraContent(this.#seal(event.signature)) };
      case 'citation':
        return this.#citation(event);
      case 'tool-call-start':
        return this.#calls.start(event);
      case 'tool-call-arguments':
        return this.#calls.addArguments(event.key, event.text);
      case 'tool-call-end':
        return this.#calls.end(event.key);
      case 'part-end':
        return null;
    }
  }

  #text({ key, text }: EventOf<'text'>): ChatDelta | null {
    if (!this.#textStarts.has(key)) this.#textStarts.set(key, this.#contentLength);
    this.#contentLength += text.length;
    return text === '' ? null : { content: text };
  }

  /** Callers know the one field or the other; both say the same. */
  #reasoningText({ key, text }: EventOf<'reasoning'>): ChatDelta | null {
    const part = this.#reasoningOf(key);
    if (this.#hidesReasoning || text === '') return null;
    part.text += text;
    return { reasoning_content: text, reasoning_details: [textDetail(part.index, text)] };
  }

  #reasoningSignature({ key, signature, redacted }: EventOf<'reasoning-signature'>): ChatDelta {
    const { index, text } = this.#reasoningOf(key);
    const sealed = this.#seal(signature);
    if (redacted) return { reasoning_details: [encryptedDetail(sealed, index)] };
    return { reasoning_details: [{ ...textDetail(index, ''), ...signatureFields(text, sealed) }] };
  }

  #reasoningOf(key: string): ReasoningState {
    const known = this.#reasoning.get(key) ?? { index: this.#reasoning.size, text: '' };
    this.#reasoning.set(key, known);
    return known;
  }

  #citation({ key, citation }: EventOf<'citation'>): ChatDelta | null {
    const range = { start: this.#textStarts.get(key) ?? this.#contentLength, end: this.#contentLength };
    const annotations = encodeAnnotation(citation, range);
    return annotations.length === 0 ? null : { annotations };
  }

  #choice(delta: ChatDelta, finish: ChatFinishReason | null = null, logprobs: Json = null): ChatChunkChoice {
    return { index: this.#index, delta, logprobs, finish_reason: finish };
  }
}
