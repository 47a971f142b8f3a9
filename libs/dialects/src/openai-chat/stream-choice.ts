import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { readContentPieces } from './content-pieces.ts';
import { decodeCitations } from './decode-citations.ts';
import { decodeFinish } from './finish-reason.ts';
import { isJsonObject, objectOf, objectsOf, textOf } from './json-values.ts';
import { plainReasoning, readReasoningDetails } from './reasoning-carriers.ts';
import { googleSignature, type SignatureReader, upstreamSignatureReader } from './signature-carriers.ts';
import { StreamRun } from './stream-run.ts';
import { StreamToolCalls } from './stream-tool-calls.ts';

type TextEvent = Extract<CanonicalEvent, { type: 'text' | 'reasoning' | 'refusal' }>;

/** One of the answers in a stream of chunks. */
export class StreamChoice {
  readonly #index: number;
  readonly #readSignature: SignatureReader;
  readonly #run: StreamRun;
  readonly #calls: StreamToolCalls;
  #finishReason: string | null = null;
  #stopReason: Json | undefined;
  #hasRefusal = false;

  constructor(index: number, context: DecodeAnswerContext) {
    this.#index = index;
    this.#readSignature = upstreamSignatureReader(context.origin);
    this.#run = new StreamRun(index);
    this.#calls = new StreamToolCalls({
      choice: index,
      createId: context.createId,
      readSignature: this.#readSignature,
    });
  }

  /** Whether the upstream said why it ended. */
  get isFinished(): boolean {
    return this.#finishReason !== null;
  }

  /** Takes an entry of `choices`. Azure's late filter results come without a delta. */
  push(choice: JsonObject): readonly CanonicalEvent[] {
    const delta = objectOf(choice.delta);
    const events = [
      ...this.#reasoning(delta),
      ...this.#content(delta, choice.logprobs),
      ...this.#refusal(textOf(delta.refusal)),
      ...this.#toolCalls(delta),
    ];
    this.#finishReason = textOf(choice.finish_reason) || this.#finishReason;
    this.#stopReason = choice.stop_reason ?? this.#stopReason;
    return events;
  }

  /** The stream is complete. */
  end(): { readonly events: readonly CanonicalEvent[]; readonly finish: Finish; readonly isEmpty: boolean } {
    const events = [...this.#run.close(), ...this.#calls.end()];
    const { hasCalls, hasNameless } = this.#calls;
    const content = { hasCalls, hasRefusal: this.#hasRefusal };
    const finish = decodeFinish(this.#finishReason ?? '', this.#stopReason, content);
    const isLost = hasNameless && !hasCalls && finish.reason === 'stop';
    return {
      events,
      finish: isLost ? { reason: 'malformed' } : finish,
      isEmpty: !hasCalls && !this.#run.hasContent,
    };
  }

  #reasoning(delta: JsonObject): readonly CanonicalEvent[] {
    const details = readReasoningDetails(delta, this.#readSignature);
    const plain = plainReasoning(delta);
    const hasText = details.some((detail) => detail.text !== '');
    const events = hasText ? [] : [...this.#say('reasoning', plain, null)];
    for (const { text, signature, redacted, index } of details) {
      events.push(...this.#say('reasoning', text, index));
      if (signature) events.push(...this.#run.sign(signature, redacted));
    }
    return events;
  }

  #content(delta: JsonObject, logprobs: Json | undefined): readonly CanonicalEvent[] {
    const events: CanonicalEvent[] = [];
    for (const piece of readContentPieces(delta.content)) {
      if (piece.kind === 'citation') events.push(...this.#cite([piece.citation]));
      else if (piece.kind === 'reasoning') events.push(...this.#say('reasoning', piece.text, null));
      else events.push(...withLogprobs(this.#say('text', piece.text, null), logprobs));
    }
    events.push(...this.#cite(decodeCitations(delta.annotations)));
    const signature = this.#readSignature(googleSignature(delta), 'gemini');
    if (signature) events.push(...this.#run.signText(signature));
    return events;
  }

  #cite(citations: ReturnType<typeof decodeCitations>): readonly CanonicalEvent[] {
    return citations.flatMap((citation): readonly CanonicalEvent[] => {
      const { key, before } = this.#run.open('text');
      return [...before, { type: 'citation', key, citation }];
    });
  }

  #refusal(text: string): readonly CanonicalEvent[] {
    if (text !== '') this.#hasRefusal = true;
    return this.#say('refusal', text, null);
  }

  #say(kind: TextEvent['type'], text: string, index: number | null): readonly CanonicalEvent[] {
    if (text === '') return [];
    const { key, before } = this.#run.open(kind, index);
    const event: TextEvent = { type: kind, key, text };
    return [...before, this.#index === 0 ? event : { ...event, choice: this.#index }];
  }

  #toolCalls(delta: JsonObject): readonly CanonicalEvent[] {
    const pieces = objectsOf(delta.tool_calls);
    const legacy = delta.function_call;
    const all = pieces.length === 0 && isJsonObject(legacy) ? [{ index: 0, function: legacy }] : pieces;
    const events = all.flatMap((piece) => this.#calls.push(piece));
    return events.length === 0 ? [] : [...this.#run.close(), ...events];
  }
}

/** How likely the tokens of a text were goes with that text. */
function withLogprobs(events: readonly CanonicalEvent[], logprobs: Json | undefined): readonly CanonicalEvent[] {
  if (!isJsonObject(logprobs)) return events;
  return events.map((event) => (event.type === 'text' ? { ...event, logprobs } : event));
}
