import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import { type CanonicalUsage, NO_USAGE } from '../canonical/canonical-usage.ts';
import type { EncodeAnswerContext, StreamEncoder } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { CallWriter } from './call-writer.ts';
import { EventWriter } from './event-writer.ts';
import { faultResponseError } from './fault-response-error.ts';
import { writeFinish } from './finish-reason.ts';
import { createItemId, namespaceOf } from './item-ids.ts';
import { MessageWriter } from './message-writer.ts';
import { sealCarrier } from './reasoning-carrier.ts';
import { ReasoningWriter } from './reasoning-writer.ts';
import { refusalText } from './refusal-text.ts';
import { responseId } from './response-id.ts';
import { responseObject } from './response-object.ts';
import type { ItemStatus, ResponseState } from './schema.ts';
import { writeWireUsage } from './wire-usage.ts';

type EventOf<Type extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: Type }>;

/** What each event does. */
type Handlers = { readonly [Type in CanonicalEvent['type']]?: (event: EventOf<Type>) => void };

const IN_PROGRESS: ResponseState = {
  status: 'in_progress',
  output: [],
  usage: null,
  error: null,
  incomplete_details: null,
};

/**
 * Writes a stream of response events, numbered from 0: every event of the official set for what the answer holds, and a last
 * one with the whole response. Messages and reasoning follow one another; calls may overlap, each with its own index.
 */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #context: EncodeAnswerContext;
  readonly #writer = new EventWriter();
  readonly #calls = new Map<string, CallWriter>();
  /** Keys of reasoning that was shown and closed: a signature that comes late is not one of nothing. */
  readonly #shown = new Set<string>();
  #created: number;
  #started = false;
  #over = false;
  #message: MessageWriter | null = null;
  #reasoning: ReasoningWriter | null = null;
  /** Signs the open message; goes out behind it. */
  #textSignature: Signature | null = null;
  #textLength = 0;
  #refused = false;
  #finish: Finish = { reason: 'stop' };
  #tier: string | undefined;
  #usage: CanonicalUsage | null = null;
  readonly #handlers: Handlers = {
    text: (event) => this.#text(event),
    refusal: ({ key, text }) => this.#refusal(key, text),
    reasoning: (event) => this.#reason(event),
    'reasoning-signature': (event) => this.#sign(event),
    'text-signature': (event) => this.#signText(event),
    citation: ({ key, citation }) => this.#message?.citation(key, citation),
    'tool-call-start': (event) => this.#startCall(event),
    'tool-call-arguments': ({ key, text }) => this.#calls.get(key)?.text(text),
    'tool-call-end': ({ key }) => this.#endCall(key, 'completed'),
    'part-end': ({ key }) => this.#endPart(key),
    usage: ({ usage }) => (this.#usage = { ...NO_USAGE, ...this.#usage, ...usage }),
    finish: ({ finish, serviceTier }) => {
      this.#finish = finish;
      this.#tier = serviceTier;
    },
    error: ({ error }) => this.#fail(faultResponseError(error)),
    end: () => this.#end(),
  };

  constructor(context: EncodeAnswerContext) {
    this.#context = context;
    this.#created = context.created;
  }

  push(event: CanonicalEvent): string {
    if (this.#over || ('choice' in event && (event.choice ?? 0) !== 0)) return '';
    if (event.type === 'ping') return ': ping\n\n';
    if (event.type === 'start') this.#created = event.created ?? this.#created;
    this.#start();
    const handle = this.#handlers[event.type] as ((event: CanonicalEvent) => void) | undefined;
    handle?.(event);
    return this.#writer.take();
  }

  #signText({ signature }: EventOf<'text-signature'>): void {
    this.#textSignature = signature;
    if (!this.#message) this.#carryTextSignature();
  }

  #endPart(key: string): void {
    if (this.#reasoning?.key === key) this.#closeReasoning(null);
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const response = this.#response(IN_PROGRESS);
    this.#writer.emit('response.created', { response });
    this.#writer.emit('response.in_progress', { response });
  }

  #text({ key, text, logprobs }: EventOf<'text'>): void {
    if (text === '') return;
    this.#openMessage().text(key, text, { start: this.#textLength, logprobs });
    this.#textLength += text.length;
  }

  #refusal(key: string, text: string): void {
    if (text === '') return;
    this.#refused = true;
    this.#openMessage().refusal(key, text);
  }

  #openMessage(): MessageWriter {
    this.#closeReasoning(null);
    this.#message ??= new MessageWriter(this.#writer, createItemId('message', this.#context));
    return this.#message;
  }

  #closeMessage(status: ItemStatus): void {
    this.#message?.close(status);
    this.#message = null;
    this.#carryTextSignature();
  }

  #reason({ key, text }: EventOf<'reasoning'>): void {
    if (text === '') return;
    this.#openReasoning(key).text(text);
    this.#shown.add(key);
  }

  #openReasoning(key: string): ReasoningWriter {
    if (this.#reasoning?.key === key) return this.#reasoning;
    this.#closeMessage('completed');
    this.#closeReasoning(null);
    this.#reasoning = new ReasoningWriter(this.#writer, createItemId('reasoning', this.#context), key);
    return this.#reasoning;
  }

  /** A signature of reasoning that has gone out already would sign nothing; one with nothing before it is all there is. */
  #sign({ key, signature, redacted }: EventOf<'reasoning-signature'>): void {
    const isOpen = this.#reasoning?.key === key;
    if (!isOpen && (this.#shown.has(key) || !this.#wantsEncrypted)) return;
    this.#openReasoning(key);
    this.#closeReasoning(sealCarrier(redacted ? 'redacted' : 'reasoning', signature));
  }

  #closeReasoning(encrypted: string | null): void {
    this.#reasoning?.close(this.#wantsEncrypted ? encrypted : undefined);
    this.#reasoning = null;
  }

  get #wantsEncrypted(): boolean {
    return this.#context.request.answer.encryptedReasoning === true;
  }

  #carryTextSignature(): void {
    const signature = this.#textSignature;
    this.#textSignature = null;
    if (signature) this.#carry(sealCarrier('previous-text', signature));
  }

  /** A signature that has no place of its own, in a reasoning item that shows nothing. */
  #carry(encrypted: string): void {
    if (!this.#wantsEncrypted) return;
    new ReasoningWriter(this.#writer, createItemId('reasoning', this.#context), '').close(encrypted);
  }

  #startCall({ key, id, name, kind, namespace, signature }: EventOf<'tool-call-start'>): void {
    this.#closeReasoning(null);
    this.#closeMessage('completed');
    if (signature) this.#carry(sealCarrier('next-call', signature));
    const call = new CallWriter(this.#writer, {
      itemId: createItemId(kind, this.#context),
      callId: id,
      name,
      namespace: namespace ?? namespaceOf(name, this.#context.request),
      kind,
    });
    this.#calls.set(key, call);
  }

  #endCall(key: string, status: ItemStatus): void {
    this.#calls.get(key)?.close(status);
    this.#calls.delete(key);
  }

  #end(): void {
    if (this.#finish.reason === 'refusal' && !this.#refused) this.#refusal('refusal', refusalText(this.#finish));
    const hasOutput = this.#message !== null || this.#calls.size > 0 || this.#writer.output.length > 0;
    const { status, error, incomplete_details } = writeFinish(this.#finish, hasOutput);
    const last = status === 'incomplete' ? 'incomplete' : 'completed';
    this.#closeReasoning(null);
    this.#closeMessage(last);
    for (const key of this.#calls.keys()) this.#endCall(key, last);
    this.#terminate({ status, error, incomplete_details });
  }

  #fail(error: NonNullable<ResponseState['error']>): void {
    this.#terminate({ status: 'failed', error, incomplete_details: null });
  }

  #terminate(
    end: Pick<ResponseState, 'error' | 'incomplete_details'> & { readonly status: ResponseState['status'] },
  ): void {
    this.#over = true;
    const usage = this.#usage && writeWireUsage(this.#usage);
    const tier = this.#tier === undefined ? {} : { service_tier: this.#tier };
    const response = this.#response({ ...end, output: this.#writer.output, usage, ...tier });
    this.#writer.emit(`response.${end.status}`, { response });
  }

  #response(state: ResponseState): JsonObject {
    const { requestId, model, request } = this.#context;
    const identity = { id: responseId(requestId), created: this.#created, model, echo: request.answer.echo ?? {} };
    return responseObject(identity, state);
  }
}
