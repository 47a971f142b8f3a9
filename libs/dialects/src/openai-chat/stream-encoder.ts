import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import { type CanonicalUsage, NO_USAGE } from '../canonical/canonical-usage.ts';
import type { EncodeAnswerContext, StreamEncoder } from '../canonical/dialect-codec.ts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { sseFrame } from '../sse/sse-event.ts';
import { type AnswerIdentity, answerIdentity } from './answer-identity.ts';
import { ChoiceEncoder } from './choice-encoder.ts';
import { encodeUsage } from './chat-usage.ts';
import { renderErrorFrame, streamFaultError } from './errors.ts';
import type { ChatChunk, ChatChunkChoice } from './schema.ts';

type EventOf<Type extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: Type }>;

/**
 * Writes the stream of a Chat Completions caller: one role chunk, the answer in pieces, one finish per choice, then nothing but the
 * usage chunk (when it was asked for) and `[DONE]`. An error ends it without that marker.
 */
export class ChatStreamEncoder implements StreamEncoder {
  readonly #context: EncodeAnswerContext;
  readonly #choices = new Map<number, ChoiceEncoder>();
  /** Which choice the part or call of a key belongs to; later events of the key do not say. */
  readonly #choiceOfKey = new Map<string, number>();
  #identity: AnswerIdentity | null = null;
  #usage: Partial<CanonicalUsage> | null = null;
  #serviceTier: string | null = null;
  #ended = false;

  constructor(context: EncodeAnswerContext) {
    this.#context = context;
  }

  push(event: CanonicalEvent): string {
    if (this.#ended) return '';
    switch (event.type) {
      case 'start':
        return this.#start(event);
      case 'usage':
        this.#usage = { ...this.#usage, ...event.usage };
        return '';
      case 'ping':
        return ': ping\n\n';
      case 'error':
        this.#ended = true;
        return renderErrorFrame(streamFaultError(event.error));
      case 'end':
        return this.#end();
      case 'finish':
        return this.#finish(event);
      default:
        return this.#part(event);
    }
  }

  #start(event: EventOf<'start'>): string {
    if (this.#identity) return '';
    this.#identity = answerIdentity(event, this.#context, 'chatcmpl-');
    // Further choices begin when they come: a model may give fewer than were asked for.
    return this.#write(this.#choice(0).begin());
  }

  #part(event: Exclude<CanonicalEvent, EventOf<'start' | 'usage' | 'ping' | 'error' | 'end' | 'finish'>>): string {
    const index = ('choice' in event ? event.choice : undefined) ?? this.#choiceOfKey.get(event.key) ?? 0;
    this.#choiceOfKey.set(event.key, index);
    return this.#write(this.#choice(index).push(event));
  }

  #finish({ finish, choice = 0, serviceTier }: EventOf<'finish'>): string {
    this.#serviceTier = serviceTier ?? this.#serviceTier;
    return this.#write(this.#choice(choice).finish(finish));
  }

  #end(): string {
    this.#ended = true;
    const wantsUsage = this.#context.request.includeUsage && this.#usage !== null;
    const usage = wantsUsage ? this.#chunk([], encodeUsage({ ...NO_USAGE, ...this.#usage })) : '';
    return `${usage}${sseFrame('[DONE]')}`;
  }

  #choice(index: number): ChoiceEncoder {
    let known = this.#choices.get(index);
    if (!known) this.#choices.set(index, (known = new ChoiceEncoder(index, this.#context.request, sealSignature)));
    return known;
  }

  #write(choices: readonly ChatChunkChoice[]): string {
    return choices.map((choice) => this.#chunk([choice], null)).join('');
  }

  #chunk(choices: readonly ChatChunkChoice[], usage: ChatChunk['usage'] | null): string {
    this.#identity ??= answerIdentity({ id: '' }, this.#context, 'chatcmpl-');
    const chunk: ChatChunk = {
      ...this.#identity,
      object: 'chat.completion.chunk',
      choices,
      ...(this.#serviceTier !== null && { service_tier: this.#serviceTier }),
      ...(this.#context.request.includeUsage && { usage: usage ?? null }),
    };
    return sseFrame(JSON.stringify(chunk));
  }
}
