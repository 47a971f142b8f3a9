import type { CanonicalEvent, UpstreamFault } from '../canonical/canonical-event.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext, StreamDecoder } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import type { SseEvent } from '../sse/sse-event.ts';
import { CandidateDecoder } from './candidate-decoder.ts';
import { blockOf, malformedFault } from './decode-response.ts';
import { faultOf, upstreamFault } from './errors.ts';
import { countOf, objectOf, objectsOf, textOf } from './json-fields.ts';
import { usageOf } from './read-usage.ts';

/** The end marker of OpenAI's streams, which some proxies put behind Gemini's. */
const DONE = '[DONE]';

/** Reads `streamGenerateContent?alt=sse`: unnamed events, each a whole answer's worth of pieces, and no marker at the end. */
export function createStreamDecoder(context: DecodeAnswerContext): StreamDecoder {
  return new GeminiStreamDecoder(context);
}

class GeminiStreamDecoder implements StreamDecoder {
  readonly #context: DecodeAnswerContext;
  readonly #candidate: CandidateDecoder;
  #started = false;
  #blocked: Finish | null = null;
  #over = false;

  constructor(context: DecodeAnswerContext) {
    this.#context = context;
    this.#candidate = new CandidateDecoder(context);
  }

  push(event: SseEvent): readonly CanonicalEvent[] {
    if (this.#over || event.data.trim() === DONE) return [];
    const chunk = parseChunk(event.data);
    if (chunk === undefined) return this.#fail(upstreamFault('The upstream sent an event that is no JSON.'));
    const fault = faultOf(chunk, 200);
    if (fault) return this.#fail(fault);
    return this.#chunk(objectOf(chunk) ?? {});
  }

  end(): readonly CanonicalEvent[] {
    if (this.#over) return [];
    const finish = this.#candidate.finish ?? this.#blocked;
    if (!finish) return this.#fail(upstreamFault('The upstream ended its answer before it was complete.'));
    if (finish.reason === 'malformed' && !this.#candidate.hasContent)
      return this.#fail(malformedFault(finish.explanation));
    this.#over = true;
    return [...this.#candidate.end(), { type: 'finish', finish }, { type: 'end' }];
  }

  #chunk(chunk: JsonObject): readonly CanonicalEvent[] {
    try {
      return [...this.#start(chunk), ...this.#usage(chunk), ...this.#pieces(chunk)];
    } catch (error) {
      if (error instanceof UpstreamFaultError) return this.#fail(error.fault);
      throw error;
    }
  }

  #start(chunk: JsonObject): CanonicalEvent[] {
    if (this.#started) return [];
    this.#started = true;
    const id = textOf(chunk['responseId']) ?? this.#context.createId();
    return [{ type: 'start', id, model: textOf(chunk['modelVersion']) ?? '' }];
  }

  #usage(chunk: JsonObject): CanonicalEvent[] {
    const usage = usageOf(chunk['usageMetadata']);
    return usage ? [{ type: 'usage', usage }] : [];
  }

  /** Of several candidates the first alone is told on. */
  #pieces(chunk: JsonObject): CanonicalEvent[] {
    this.#blocked ??= blockOf(chunk);
    const candidates = objectsOf(chunk['candidates']).filter(({ index }) => (countOf(index) ?? 0) === 0);
    return candidates.flatMap((candidate) => this.#candidate.push(candidate));
  }

  #fail(error: UpstreamFault): CanonicalEvent[] {
    this.#over = true;
    return [{ type: 'error', error }];
  }
}

/** Only arguments of calls can hold numbers that must be kept as they were written. */
function parseChunk(data: string): Json | undefined {
  try {
    return data.includes('"functionCall"') ? parseFaithfully(data) : (JSON.parse(data) as Json);
  } catch {
    // The caller makes an error of it, since a chunk that is skipped would be a hole in the answer.
    return undefined;
  }
}
