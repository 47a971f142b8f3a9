import { describe, expect, it } from '@jest/globals';
import {
  anthropicCodec,
  bedrockConverseCodec,
  type CanonicalEvent,
  type CanonicalResponse,
  type DecodeAnswerContext,
  type DialectCodec,
  type EncodeAnswerContext,
  geminiCodec,
  type JsonObject,
  openAiChatCodec,
  openAiResponsesCodec,
  type Signature,
  SseParser,
} from '@penstock/dialects';
import fc from 'fast-check';
import { answerOf, eventsOf } from '../testing/answer-events.ts';
import { ANSWER_LOSSES } from '../testing/answer-losses.ts';
import { type AnswerView, answerView, withCallsLast } from '../testing/answer-view.ts';
import { arbitraryAnswer } from '../testing/arbitrary-answer.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { VECTOR_MODEL_GROUP } from '../testing/round-trip-profiles.ts';
import { ConverseStreamWriter, writeConverseAnswer } from '../testing/write-converse-answer.ts';

const CLIENTS = [openAiChatCodec, openAiResponsesCodec, anthropicCodec, geminiCodec];
const CONVERSE: DialectCodec = {
  ...bedrockConverseCodec,
  encodeResponse: writeConverseAnswer,
  createStreamEncoder: () => new ConverseStreamWriter(),
};
const UPSTREAMS: readonly DialectCodec[] = [...CLIENTS, CONVERSE];
const PAIRS = UPSTREAMS.flatMap((upstream) =>
  CLIENTS.filter((client) => client !== upstream).map((client) => ({
    client,
    upstream,
    name: `${upstream.dialect} > ${client.dialect}`,
  })),
);

let made = 0;
const createId = (): string => `made${String((made += 1) % 100_000).padStart(5, '0')}`;

const decoding = ({ dialect }: DialectCodec): DecodeAnswerContext => ({
  origin: { dialect, modelGroup: VECTOR_MODEL_GROUP },
  createId,
});

function encoding({ dialect }: DialectCodec): EncodeAnswerContext {
  const request = {
    dialect,
    model: 'alias',
    stream: true,
    includeUsage: true,
    system: [],
    turns: [],
    tools: [],
    reasoning: { display: 'summarized' },
    output: { kind: 'text' },
    extra: {},
    answer: { encryptedReasoning: true },
  } as const;
  return { requestId: 'r', model: 'alias', created: 1, request, estimatedInputTokens: 1, createId };
}

const json = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/** The upstream's side is written by the encoder of its dialect, which seals: the seal stands for the vendor's own signature. */
const asVendors = (signature: Signature): Signature => ({
  ...signature,
  value: Buffer.from(signature.value).toString('hex'),
});
const withVendorsSignature = <T extends object>(value: T): T =>
  'signature' in value && value.signature ? { ...value, signature: asVendors(value.signature as Signature) } : value;

function decodeWhole(answer: CanonicalResponse, upstream: DialectCodec): CanonicalResponse {
  const decoded = upstream.decodeResponse(
    json(upstream.encodeResponse(answer, encoding(upstream))),
    decoding(upstream),
  );
  return {
    ...decoded,
    choices: decoded.choices.map((choice) => ({ ...choice, parts: choice.parts.map(withVendorsSignature) })),
  };
}

function decodeStream(text: string, size: number, codec: DialectCodec): readonly CanonicalEvent[] {
  const bytes = Buffer.from(text);
  const parser = new SseParser();
  const decoder = codec.createStreamDecoder(decoding(codec));
  const events: CanonicalEvent[] = [];
  const take = (parsed: ReturnType<SseParser['push']>): void => {
    for (const event of parsed) events.push(...decoder.push(event));
  };
  for (let at = 0; at < bytes.length; at += size) take(parser.push(bytes.subarray(at, at + size)));
  take(parser.end());
  return [...events, ...decoder.end()];
}

function encodeStream(events: readonly CanonicalEvent[], codec: DialectCodec): string {
  const encoder = codec.createStreamEncoder(encoding(codec));
  return events.map((event) => encoder.push(event)).join('');
}

const leftOf = (answer: CanonicalResponse, client: DialectCodec) =>
  ANSWER_LOSSES.filter(({ clients }) => clients.includes(client.dialect)).reduce(
    (view, loss) => loss.apply(view),
    answerView(answer),
  );

describe('an answer, decoded from its upstream and encoded for a caller', () => {
  it.each(PAIRS)('says the same but for the documented losses: $name', ({ client, upstream }) => {
    fc.assert(
      fc.property(arbitraryAnswer(upstream.dialect), (answer) => {
        const decoded = decodeWhole(answer, upstream);
        const written = json(client.encodeResponse(decoded, encoding(client)));
        expect(answerView(client.decodeResponse(written, decoding(client)))).toEqual(leftOf(decoded, client));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it.each(PAIRS)('says as a stream what it says as a whole: $name', ({ client, upstream }) => {
    const sizes = fc.record({
      upstream: fc.integer({ min: 1, max: 200 }),
      client: fc.integer({ min: 1, max: 200 }),
      piece: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(arbitraryAnswer(upstream.dialect), sizes, (answer, size) => {
        const cut = (text: string): readonly string[] => {
          const characters = Array.from(text);
          return Array.from({ length: Math.ceil(characters.length / size.piece) }, (_, index) =>
            characters.slice(index * size.piece, (index + 1) * size.piece).join(''),
          );
        };
        const sent = encodeStream(eventsOf(answer, cut), upstream);
        const decoded = decodeStream(sent, size.upstream, upstream).map(withVendorsSignature);
        const received = decodeStream(encodeStream(decoded, client), size.client, client);
        const ordered = [client, upstream].includes(openAiChatCodec) ? withCallsLast : (view: AnswerView) => view;
        const left = leftOf(decodeWhole(answer, upstream), client);
        expect(ordered(answerView(answerOf(received)))).toEqual(ordered(left));
      }),
      { numRuns: propertyRuns() },
    );
  });
});
