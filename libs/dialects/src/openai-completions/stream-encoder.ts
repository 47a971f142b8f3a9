import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import { type CanonicalUsage, NO_USAGE } from '../canonical/canonical-usage.ts';
import type { EncodeAnswerContext, StreamEncoder } from '../canonical/dialect-codec.ts';
import { type AnswerIdentity, answerIdentity } from '../openai-chat/answer-identity.ts';
import { encodeUsage } from '../openai-chat/chat-usage.ts';
import { renderErrorFrame, streamFaultError } from '../openai-chat/errors.ts';
import { sseFrame } from '../sse/sse-event.ts';
import { completionFinish } from './encode-response.ts';
import type { Completion, CompletionChoice, CompletionFinishReason } from './schema.ts';

/** Writes the stream of a caller of the old completions: text in pieces, a finish per choice, usage if asked for, `[DONE]`. */
export class CompletionsStreamEncoder implements StreamEncoder {
  readonly #context: EncodeAnswerContext;
  readonly #finished = new Set<number>();
  #identity: AnswerIdentity | null = null;
  #usage: Partial<CanonicalUsage> | null = null;
  #ended = false;

  constructor(context: EncodeAnswerContext) {
    this.#context = context;
  }

  push(event: CanonicalEvent): string {
    if (this.#ended) return '';
    switch (event.type) {
      case 'start':
        this.#identity ??= answerIdentity(event, this.#context, 'cmpl-');
        return '';
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
      default:
        return this.#answer(event);
    }
  }

  /** Calls, reasoning and citations have no place in a text. */
  #answer(event: CanonicalEvent): string {
    if (event.type === 'finish') return this.#finish(event.choice ?? 0, completionFinish(event.finish.reason));
    const isText = event.type === 'text' || event.type === 'refusal';
    return isText && event.text !== '' ? this.#choice(event.choice ?? 0, event.text, null) : '';
  }

  #finish(index: number, reason: CompletionFinishReason): string {
    return this.#finished.has(index) ? '' : this.#choice(index, '', reason);
  }

  #end(): string {
    this.#ended = true;
    const wantsUsage = this.#context.request.includeUsage && this.#usage !== null;
    const usage = wantsUsage ? this.#chunk([], encodeUsage({ ...NO_USAGE, ...this.#usage })) : '';
    return `${usage}${sseFrame('[DONE]')}`;
  }

  #choice(index: number, text: string, reason: CompletionFinishReason | null): string {
    if (this.#finished.has(index)) return '';
    if (reason !== null) this.#finished.add(index);
    return this.#chunk([{ text, index, logprobs: null, finish_reason: reason }], null);
  }

  #chunk(choices: readonly CompletionChoice[], usage: Completion['usage'] | null): string {
    this.#identity ??= answerIdentity({ id: '' }, this.#context, 'cmpl-');
    const chunk: Completion = {
      ...this.#identity,
      object: 'text_completion',
      choices,
      ...(this.#context.request.includeUsage && { usage: usage ?? null }),
    };
    return sseFrame(JSON.stringify(chunk));
  }
}
