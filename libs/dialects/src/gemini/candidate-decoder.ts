import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { decodeCitations } from './decode-citations.ts';
import { decodeLogprobs } from './decode-logprobs.ts';
import { finishOf } from './finish.ts';
import { objectOf, objectsOf, stringOf, textOf } from './json-fields.ts';
import { PartialArguments } from './partial-arguments.ts';

interface OpenPart {
  readonly type: 'text' | 'reasoning';
  readonly key: string;
}

/**
 * Reads one candidate, whole or in the chunks of a stream, as canonical events. Neighbouring pieces of text are one part;
 * calls are counted across chunks, since each chunk numbers its own from zero.
 */
export class CandidateDecoder {
  readonly #context: DecodeAnswerContext;
  #keys = 0;
  #open: OpenPart | null = null;
  /** A call whose arguments arrive piece by piece. */
  #call: { readonly key: string; readonly pieces: PartialArguments } | null = null;
  #hasCalls = false;
  #text = '';
  /** The latest sources; Google repeats and completes them. */
  #sources: JsonObject = {};
  #reason: string | null = null;
  #message: string | undefined;

  constructor(context: DecodeAnswerContext) {
    this.#context = context;
  }

  /** Whether anything came that a caller can use. */
  get hasContent(): boolean {
    return this.#hasCalls || this.#text !== '';
  }

  /** Why the model stopped; null while it has not said so. */
  get finish(): Finish | null {
    return this.#reason === null ? null : finishOf(this.#reason, this.#message, this.#hasCalls);
  }

  push(candidate: JsonObject): CanonicalEvent[] {
    this.#sources = { ...this.#sources, ...sourcesOf(candidate) };
    const parts = objectsOf(objectOf(candidate['content'])?.['parts']);
    const events = parts.flatMap((part) => this.#part(part));
    this.#reason = textOf(candidate['finishReason']) ?? this.#reason;
    this.#message = textOf(candidate['finishMessage']) ?? this.#message;
    return withLogprobs(events, decodeLogprobs(candidate['logprobsResult']));
  }

  /** Completes what is open; Vertex forgets the end of a call now and then. */
  end(): CanonicalEvent[] {
    return [...this.#endCall(), ...this.#closePart()];
  }

  #part(part: JsonObject): CanonicalEvent[] {
    const call = objectOf(part['functionCall']);
    const signature = this.#signature(part);
    if (call) return this.#functionCall(call, signature);
    const text = stringOf(part['text']) ?? renderedText(part);
    if (text === undefined || text === '') return signature ? this.#sign(signature) : [];
    return this.#piece(part['thought'] === true ? 'reasoning' : 'text', text, signature);
  }

  #piece(type: OpenPart['type'], text: string, signature: Signature | undefined): CanonicalEvent[] {
    const opening = this.#openPart(type);
    if (type === 'text') this.#text += text;
    const piece: CanonicalEvent = { type, key: opening.key, text };
    return [...opening.events, piece, ...(signature ? this.#sign(signature) : [])];
  }

  /** A signature belongs to the part it follows; with none open it stands for thoughts that are not shown. */
  #sign(signature: Signature): CanonicalEvent[] {
    if (this.#open?.type === 'text') return [{ type: 'text-signature', key: this.#open.key, signature }];
    const { key, events } = this.#openPart('reasoning');
    return [...events, { type: 'reasoning-signature', key, signature }];
  }

  #functionCall(call: JsonObject, signature: Signature | undefined): CanonicalEvent[] {
    const name = textOf(call['name']);
    const events = name === undefined ? [] : this.#startCall(call, name, signature);
    for (const piece of objectsOf(call['partialArgs'])) this.#call?.pieces.add(piece);
    return call['willContinue'] === true ? events : [...events, ...this.#endCall()];
  }

  #startCall(call: JsonObject, name: string, signature: Signature | undefined): CanonicalEvent[] {
    const ended = this.end();
    const key = this.#nextKey();
    const id = textOf(call['id']) ?? this.#context.createId();
    this.#hasCalls = true;
    const start: CanonicalEvent = {
      type: 'tool-call-start',
      key,
      id,
      name,
      kind: 'function',
      ...(signature && { signature }),
    };
    if (call['willContinue'] === true || call['partialArgs'] !== undefined) {
      this.#call = { key, pieces: new PartialArguments() };
      return [...ended, start];
    }
    const text = JSON.stringify(objectOf(call['args']) ?? {});
    return [...ended, start, { type: 'tool-call-arguments', key, text }, { type: 'tool-call-end', key }];
  }

  #endCall(): CanonicalEvent[] {
    if (!this.#call) return [];
    const { key, pieces } = this.#call;
    this.#call = null;
    return [
      { type: 'tool-call-arguments', key, text: pieces.toJson() },
      { type: 'tool-call-end', key },
    ];
  }

  #openPart(type: OpenPart['type']): { readonly key: string; readonly events: CanonicalEvent[] } {
    if (this.#open?.type === type) return { key: this.#open.key, events: [] };
    const events = this.end();
    const key = this.#nextKey();
    this.#open = { type, key };
    return { key, events };
  }

  #closePart(): CanonicalEvent[] {
    const open = this.#open;
    if (!open) return [];
    this.#open = null;
    const citations = open.type === 'text' ? this.#takeCitations(open.key) : [];
    return [...citations, { type: 'part-end', key: open.key }];
  }

  #takeCitations(key: string): CanonicalEvent[] {
    const citations = decodeCitations(this.#sources, this.#text);
    this.#sources = {};
    return citations.map((citation) => ({ type: 'citation', key, citation }));
  }

  #signature(part: JsonObject): Signature | undefined {
    const value = textOf(part['thoughtSignature']);
    return value === undefined ? undefined : { ...this.#context.origin, value };
  }

  #nextKey(): string {
    this.#keys += 1;
    return `p${this.#keys}`;
  }
}

function sourcesOf(candidate: JsonObject): JsonObject {
  const { groundingMetadata, citationMetadata } = candidate;
  return { ...(groundingMetadata && { groundingMetadata }), ...(citationMetadata && { citationMetadata }) };
}

/** What only Gemini has a part for, in words that any caller can show. */
function renderedText(part: JsonObject): string | undefined {
  const media = objectOf(part['inlineData']);
  const mimeType = stringOf(media?.['mimeType']);
  if (media && mimeType?.startsWith('image/'))
    return `![image](data:${mimeType};base64,${stringOf(media['data']) ?? ''})`;
  const code = objectOf(part['executableCode']);
  if (code) return fenced(stringOf(code['language'])?.toLowerCase() ?? '', stringOf(code['code']) ?? '');
  const output = stringOf(objectOf(part['codeExecutionResult'])?.['output']);
  return output === undefined ? undefined : fenced('', output);
}

function fenced(language: string, text: string): string {
  return `\n\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\`\n`;
}

/** The chunk's probabilities stand at its first text. */
function withLogprobs(events: CanonicalEvent[], logprobs: Json | undefined): CanonicalEvent[] {
  const at = logprobs === undefined ? -1 : events.findIndex(({ type }) => type === 'text');
  return events.map((event, index) =>
    index === at && event.type === 'text' && logprobs ? { ...event, logprobs } : event,
  );
}
