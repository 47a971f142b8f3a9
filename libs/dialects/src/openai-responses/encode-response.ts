import type { CanonicalPart, RefusalPart, TextPart } from '../canonical/canonical-part.ts';
import type { CanonicalChoice, CanonicalResponse } from '../canonical/canonical-response.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { writeAnnotation } from './annotations.ts';
import { writeFinish } from './finish-reason.ts';
import { createItemId, namespaceOf } from './item-ids.ts';
import { objectOf } from './json-fields.ts';
import { fromChatLogprobs } from './logprobs.ts';
import { callItem, messageItem, reasoningItem } from './output-items.ts';
import { type CarrierTarget, sealCarrier } from './reasoning-carrier.ts';
import { refusalText } from './refusal-text.ts';
import { responseId } from './response-id.ts';
import { responseObject } from './response-object.ts';
import type { ItemStatus, ResponseOutputMessage } from './schema.ts';
import { writeWireUsage } from './wire-usage.ts';

/** Writes a whole answer. There is one choice in this dialect; others are left out. */
export function encodeResponse(response: CanonicalResponse, context: EncodeAnswerContext): JsonObject {
  const choice = response.choices[0] ?? { parts: [], finish: { reason: 'stop' } };
  const parts = withRefusal(choice);
  const hasOutput = parts.some((part) => part.type !== 'reasoning' && part.type !== 'opaque');
  const { status, error, incomplete_details } = writeFinish(choice.finish, hasOutput);
  const output = new OutputWriter(context, status === 'incomplete' ? 'incomplete' : 'completed', choice).write(parts);
  const { requestId, model, request } = context;
  const created = response.created ?? context.created;
  const usage = response.usage && writeWireUsage(response.usage);
  const tier = response.serviceTier === undefined ? {} : { service_tier: response.serviceTier };
  return responseObject(
    { id: responseId(requestId), created, model, echo: request.answer.echo ?? {} },
    { status, output, usage, error, incomplete_details, ...tier },
  );
}

/** A refusal without words gets some, so that it is not taken for an empty answer. */
function withRefusal({ parts, finish }: CanonicalChoice): readonly CanonicalPart[] {
  if (finish.reason !== 'refusal' || parts.some(({ type }) => type === 'refusal')) return parts;
  return [...parts, { type: 'refusal', text: refusalText(finish) }];
}

class OutputWriter {
  readonly #context: EncodeAnswerContext;
  /** Status of the last item. */
  readonly #last: ItemStatus;
  readonly #logprobs: readonly JsonObject[];
  readonly #items: JsonObject[] = [];
  #content: ResponseOutputMessage['content'][number][] = [];
  #textSignatures: Signature[] = [];
  #textLength = 0;

  constructor(context: EncodeAnswerContext, last: ItemStatus, { logprobs }: CanonicalChoice) {
    this.#context = context;
    this.#last = last;
    this.#logprobs = fromChatLogprobs(logprobs);
  }

  write(parts: readonly CanonicalPart[]): readonly JsonObject[] {
    for (const part of parts) this.#add(part);
    this.#flush();
    const last = this.#items.at(-1);
    if (last?.['status'] !== undefined) this.#items[this.#items.length - 1] = { ...last, status: this.#last };
    return this.#items;
  }

  #add(part: CanonicalPart): void {
    if (part.type === 'text' || part.type === 'refusal') {
      this.#addContent(part);
      return;
    }
    this.#flush();
    if (part.type === 'reasoning') this.#reasoning(part);
    else if (part.type === 'tool-call') this.#call(part);
    else if (part.type === 'opaque' && part.dialect === 'openai-responses')
      this.#items.push(objectOf(part.value) ?? {});
  }

  #addContent(part: TextPart | RefusalPart): void {
    if (part.type === 'refusal') {
      this.#content.push({ type: 'refusal', refusal: part.text });
      return;
    }
    if (part.signature) this.#textSignatures.push(part.signature);
    if (part.text === '') return;
    const span = { start: this.#textLength, length: part.text.length };
    const annotations = (part.citations ?? [])
      .map((citation) => writeAnnotation(citation, span))
      .filter((annotation) => annotation !== null);
    // There is one list of tokens for the whole answer, which belongs to its first text.
    const logprobs = this.#textLength === 0 ? this.#logprobs : [];
    this.#textLength += part.text.length;
    this.#content.push({ type: 'output_text', text: part.text, annotations, logprobs });
  }

  #flush(): void {
    const content = this.#content;
    const signatures = this.#textSignatures;
    this.#content = [];
    this.#textSignatures = [];
    if (content.length > 0) {
      this.#items.push(messageItem(createItemId('message', this.#context), 'completed', content));
    }
    for (const signature of signatures) this.#carry('previous-text', signature);
  }

  #reasoning({ text, signature, redacted }: Extract<CanonicalPart, { type: 'reasoning' }>): void {
    const encrypted = signature ? sealCarrier(redacted ? 'redacted' : 'reasoning', signature) : null;
    if (text === '' && (encrypted === null || !this.#wantsEncrypted)) return;
    const id = createItemId('reasoning', this.#context);
    this.#items.push(reasoningItem(id, text, this.#wantsEncrypted ? encrypted : undefined));
  }

  #call(part: Extract<CanonicalPart, { type: 'tool-call' }>): void {
    const { id, name, kind, signature } = part;
    if (signature) this.#carry('next-call', signature);
    const call = {
      itemId: createItemId(kind, this.#context),
      callId: id,
      name,
      namespace: part.namespace ?? namespaceOf(name, this.#context.request),
      kind,
      // Clients parse the arguments of a function.
      text: part.arguments === '' && kind === 'function' ? '{}' : part.arguments,
    };
    this.#items.push(callItem(call, 'completed'));
  }

  /** A signature that has no place of its own, in a reasoning item that shows nothing. */
  #carry(target: CarrierTarget, signature: Signature): void {
    if (!this.#wantsEncrypted) return;
    const id = createItemId('reasoning', this.#context);
    this.#items.push(reasoningItem(id, '', sealCarrier(target, signature)));
  }

  get #wantsEncrypted(): boolean {
    return this.#context.request.answer.encryptedReasoning === true;
  }
}
