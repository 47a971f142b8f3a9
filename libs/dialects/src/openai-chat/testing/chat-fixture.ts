import type { ModelProfileOverrides } from '@penstock/contracts';
import type { CanonicalEvent } from '../../canonical/canonical-event.ts';
import type { CanonicalRequest } from '../../canonical/canonical-request.ts';
import type { DecodeAnswerContext, EncodeAnswerContext, EncodeRequestContext } from '../../canonical/dialect-codec.ts';
import type { JsonObject } from '../../canonical/json.ts';
import { resolveModelProfile } from '../../canonical/profile/resolve-model-profile.ts';
import { Warnings } from '../../canonical/warnings.ts';
import { SseParser } from '../../sse/sse-parser.ts';
import { decodeRequest } from '../decode-request.ts';
import { ChatStreamDecoder } from '../stream-decoder.ts';

export const ORIGIN = { dialect: 'openai-chat', modelGroup: 'group' } as const;

/** Ids of nine characters that count up from `madeup001`. */
function countingIds(): () => string {
  let count = 0;
  return () => `madeup${String((count += 1)).padStart(3, '0')}`;
}

export function decodeContext(): DecodeAnswerContext {
  return { origin: ORIGIN, createId: countingIds() };
}

/** For answering a caller who sent this body. */
export function answerContext(body: JsonObject = {}): EncodeAnswerContext {
  return {
    requestId: 'request-1',
    model: 'alias',
    created: 1_700_000_000,
    request: requestOf(body),
    estimatedInputTokens: 7,
    createId: countingIds(),
  };
}

export function requestOf(body: JsonObject): CanonicalRequest {
  return decodeRequest({ model: 'alias', messages: [{ role: 'user', content: 'hi' }], ...body });
}

export function requestContext(overrides: ModelProfileOverrides = {}): EncodeRequestContext {
  return {
    upstreamModel: 'upstream-model',
    profile: resolveModelProfile('openai-chat', overrides),
    warnings: new Warnings('lenient'),
  };
}

/** A stream of the chunks; `[DONE]` is written by name. */
export function sseOf(...chunks: readonly (JsonObject | '[DONE]')[]): string {
  return chunks.map((chunk) => `data: ${chunk === '[DONE]' ? chunk : JSON.stringify(chunk)}\n\n`).join('');
}

/** One chunk with one delta. */
export function deltaChunk(delta: JsonObject, rest: JsonObject = {}): JsonObject {
  return { id: 'chatcmpl-1', created: 5, model: 'm', choices: [{ index: 0, delta, finish_reason: null, ...rest }] };
}

/** The end of a choice. */
export function finishChunk(reason: string, rest: JsonObject = {}): JsonObject {
  return deltaChunk({}, { finish_reason: reason, ...rest });
}

/** Events that the bytes decode to, whatever the cuts. */
export function decodeStream(bytes: Buffer, cuts: readonly number[] = []): readonly CanonicalEvent[] {
  const parser = new SseParser();
  const decoder = new ChatStreamDecoder(decodeContext());
  const edges = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
  const events = edges.slice(1).flatMap((edge, index) => [...parser.push(bytes.subarray(edges[index], edge))]);
  return [...[...events, ...parser.end()].flatMap((event) => decoder.push(event)), ...decoder.end()];
}

export function decodeChunks(...chunks: readonly (JsonObject | '[DONE]')[]): readonly CanonicalEvent[] {
  return decodeStream(Buffer.from(sseOf(...chunks)));
}
