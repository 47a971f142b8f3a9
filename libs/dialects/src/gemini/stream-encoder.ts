import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import { type CanonicalUsage, NO_USAGE } from '../canonical/canonical-usage.ts';
import type { EncodeAnswerContext, StreamEncoder } from '../canonical/dialect-codec.ts';
import { sseFrame } from '../sse/sse-event.ts';
import { encodePart, sealed, wantsThoughts } from './encode-parts.ts';
import { encodeUsage } from './encode-usage.ts';
import { finishReasonOf } from './finish.ts';
import type { GeminiCandidate, GeminiPart } from './schema.ts';

/** A call of which the arguments have come so far. */
type OpenCall = Extract<CanonicalEvent, { type: 'tool-call-start' }> & { readonly text: string };

/** Writes a stream as `streamGenerateContent?alt=sse` does: each event a piece, calls whole, finish and usage in the last one. */
export function createStreamEncoder(context: EncodeAnswerContext): StreamEncoder {
  return new GeminiStreamEncoder(context);
}

class GeminiStreamEncoder implements StreamEncoder {
  readonly #context: EncodeAnswerContext;
  readonly #calls = new Map<string, OpenCall>();
  readonly #showThoughts: boolean;
  #id: string;
  #usage: Partial<CanonicalUsage> | null = null;
  /** By choice; held back until the usage has come. */
  readonly #finishes = new Map<number, Finish>();

  constructor(context: EncodeAnswerContext) {
    this.#context = context;
    this.#showThoughts = wantsThoughts(context.request);
    this.#id = context.createId();
  }

  push(event: CanonicalEvent): string {
    switch (event.type) {
      case 'start':
        this.#id = event.id;
        return '';
      case 'text':
      case 'refusal':
        return this.#part({ text: event.text }, event.choice);
      case 'reasoning':
        return this.#showThoughts ? this.#part({ text: event.text, thought: true }, event.choice) : '';
      case 'reasoning-signature':
      case 'text-signature':
        return this.#part({ text: '', ...sealed(event.signature) });
      case 'usage':
        this.#usage = { ...this.#usage, ...event.usage };
        return '';
      case 'finish':
        this.#finishes.set(event.choice ?? 0, event.finish);
        return '';
      case 'end':
        return this.#end();
      default:
        return this.#call(event);
    }
  }

  #call(event: CanonicalEvent): string {
    if (event.type === 'tool-call-start') this.#calls.set(event.key, { ...event, text: '' });
    if (event.type !== 'tool-call-arguments' && event.type !== 'tool-call-end') return '';
    const call = this.#calls.get(event.key);
    if (!call) return '';
    if (event.type === 'tool-call-arguments') {
      this.#calls.set(event.key, { ...call, text: call.text + event.text });
      return '';
    }
    this.#calls.delete(event.key);
    return this.#wholeCall(call);
  }

  #wholeCall({ text, choice, ...call }: OpenCall): string {
    return encodePart({ ...call, type: 'tool-call', arguments: text }, true)
      .map((part) => this.#part(part, choice))
      .join('');
  }

  /** Calls that nobody has ended are complete with the answer. */
  #end(): string {
    const calls = [...this.#calls.values()].map((call) => this.#wholeCall(call)).join('');
    const finishes = this.#finishes.size > 0 ? this.#finishes : new Map<number, Finish>([[0, { reason: 'stop' }]]);
    const candidates = [...finishes].map(([index, finish]) => ({ index, ...finishReasonOf(finish) }));
    return calls + this.#frame(candidates, true);
  }

  #part(part: GeminiPart, choice = 0): string {
    return this.#frame([{ index: choice, content: { role: 'model', parts: [part] } }], false);
  }

  #frame(candidates: readonly GeminiCandidate[], isLast: boolean): string {
    const usage = isLast && this.#usage ? { usageMetadata: encodeUsage({ ...NO_USAGE, ...this.#usage }) } : {};
    return sseFrame(JSON.stringify({ candidates, ...usage, modelVersion: this.#context.model, responseId: this.#id }));
  }
}
