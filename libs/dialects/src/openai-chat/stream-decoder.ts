import type { CanonicalEvent, UpstreamFault } from '../canonical/canonical-event.ts';
import type { DecodeAnswerContext, StreamDecoder } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import type { SseEvent } from '../sse/sse-event.ts';
import { decodeUsage } from './chat-usage.ts';
import { createdOf } from './decode-response.ts';
import { defined } from './defined.ts';
import { isJsonObject, numberOf, objectsOf, textOf } from './json-values.ts';
import { faultIn } from './read-fault.ts';
import { StreamChoice } from './stream-choice.ts';

const DONE = '[DONE]';
/** Arguments that come as a value instead of text: their numbers must not be changed. */
const ARGUMENTS_AS_VALUE = /"arguments"\s*:\s*[{[]/;

/**
 * Reads the chunks of OpenAI, Azure, vLLM, Mistral and whoever copies them. Usage may come beside, after or long after the finish
 * reason, so the end is told only with `[DONE]` or the end of the body; a body that ends with neither was cut off.
 */
export class ChatStreamDecoder implements StreamDecoder {
  readonly #context: DecodeAnswerContext;
  readonly #choices = new Map<number, StreamChoice>();
  #serviceTier: string | null = null;
  #started = false;
  #ended = false;

  constructor(context: DecodeAnswerContext) {
    this.#context = context;
  }

  push({ event, data }: SseEvent): readonly CanonicalEvent[] {
    if (this.#ended) return [];
    if (data.trim() === DONE) return this.#conclude();
    const chunk = parseChunk(data);
    const fault = faultIn(chunk, 200) ?? (event === 'error' ? faultIn({ error: chunk }, 200) : null);
    if (fault) return this.#fail(fault);
    return isJsonObject(chunk)
      ? this.#read(chunk)
      : this.#fail(faultOf('The upstream sent a frame that is no JSON object.'));
  }

  end(): readonly CanonicalEvent[] {
    if (this.#ended) return [];
    const choices = [...this.#choices.values()];
    const isComplete = choices.length > 0 && choices.every((choice) => choice.isFinished);
    return isComplete ? this.#conclude() : this.#fail(faultOf('The upstream ended its answer before it was complete.'));
  }

  #read(chunk: JsonObject): readonly CanonicalEvent[] {
    const choices = objectsOf(chunk.choices);
    const events: CanonicalEvent[] = [...this.#start(chunk, choices.length > 0)];
    this.#serviceTier = textOf(chunk.service_tier) || this.#serviceTier;
    for (const choice of choices) events.push(...this.#choiceOf(choice).push(choice));
    const usage = decodeUsage(chunk.usage) ?? decodeUsage(choices[0]?.usage);
    if (usage) events.push({ type: 'usage', usage });
    return events;
  }

  /** Azure begins with filter results in a chunk without id, time and choices: that is no start. */
  #start(chunk: JsonObject, hasChoices: boolean): readonly CanonicalEvent[] {
    const id = textOf(chunk.id);
    const created = createdOf(chunk);
    if (this.#started || !(hasChoices || id !== '' || created !== undefined)) return [];
    this.#started = true;
    const start = { type: 'start', id: id || this.#context.createId(), model: textOf(chunk.model), created } as const;
    return [defined<Extract<CanonicalEvent, { type: 'start' }>>(start)];
  }

  #choiceOf(choice: JsonObject): StreamChoice {
    const index = numberOf(choice.index) ?? 0;
    let known = this.#choices.get(index);
    if (!known) this.#choices.set(index, (known = new StreamChoice(index, this.#context)));
    return known;
  }

  #conclude(): readonly CanonicalEvent[] {
    if (!this.#started) return this.#fail(faultOf('The upstream ended its answer without having begun it.'));
    const ends = [...this.#choices].map(([index, choice]) => ({ index, ...choice.end() }));
    if (ends.length > 0 && ends.every(({ finish, isEmpty }) => isEmpty && finish.reason === 'malformed')) {
      return this.#fail(faultOf('The upstream gave up without an answer.'));
    }
    this.#ended = true;
    const serviceTier = this.#serviceTier ?? undefined;
    const finishes = ends.map(({ index, finish }) =>
      defined<Extract<CanonicalEvent, { type: 'finish' }>>({
        type: 'finish',
        finish,
        choice: index || undefined,
        serviceTier,
      }),
    );
    if (finishes.length === 0) finishes.push({ type: 'finish', finish: { reason: 'stop' } });
    return [...ends.flatMap(({ events }) => events), ...finishes, { type: 'end' }];
  }

  #fail(error: UpstreamFault): readonly CanonicalEvent[] {
    this.#ended = true;
    return [{ type: 'error', error }];
  }
}

function parseChunk(data: string): unknown {
  try {
    return ARGUMENTS_AS_VALUE.test(data) ? parseFaithfully(data) : (JSON.parse(data) as unknown);
  } catch {
    // A frame that cannot be read is a hole in the answer: the caller of this gets no object and reports it.
    return undefined;
  }
}

function faultOf(message: string): UpstreamFault {
  return { fault: 'upstream', message, type: null, code: null, param: null };
}
