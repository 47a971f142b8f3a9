import type { TokenUsage } from '@penstock/contracts';
import {
  type JsonObject,
  parseFaithfully,
  toTokenUsage,
  transcodeEmbeddings,
  UpstreamFaultError,
} from '@penstock/dialects';
import type { ProviderAdapter } from '@penstock/providers';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { PolicyAnswer } from '../policies/policy.ts';
import type { GovernedAnswer, PolicyRun } from '../policies/policy-run.ts';
import { estimateAnswerOutput } from './answer-output.ts';
import type { AnswerTranslation } from './answer-translation.ts';
import { CODECS } from './codecs.ts';

/** An answer that is not a stream, ready for the client. */
export interface WholeAnswer {
  readonly body: Buffer;
  readonly usage: TokenUsage | null;
  /** Estimated, for when no usage was reported. */
  readonly outputTokensSeen: number;
  /** What a policy answers instead. */
  readonly refusal?: PolicyAnswer;
  /** A policy has to wait before it lets the answer go: what it then comes to. */
  readonly governed?: Promise<GovernedAnswer>;
}

/** Throws `UpstreamFaultError` when the body is an error, and anything else when it cannot be read. */
export type AnswerReader = (body: Buffer) => WholeAnswer;

const ERROR_KEY = Buffer.from('"error"');
/** An error body begins with its error; further in, the word is a model's. */
const ERROR_WITHIN = 256;

/**
 * The answer as it is. An error in it although the status says success becomes what it is. Where a stream was asked for, a whole
 * answer can only be an error: clients that wait for events would take it for an empty answer.
 */
export function passThroughReader(surface: Surface, stream: boolean): AnswerReader {
  return (body) => {
    refuseError(body, surface);
    if (stream) throw notStreamed();
    const usage = surface.readUsage(body);
    return { body, usage, outputTokensSeen: usage ? 0 : estimateAnswerOutput(body) };
  };
}

/** The answer in another dialect. Where a stream was asked for, a whole answer can only be an error. */
export function translatingReader(answer: AnswerTranslation, stream: boolean): AnswerReader {
  return (body) => {
    const response = answer.decode(parseFaithfully(body.toString('utf8')) as JsonObject);
    if (stream) throw notStreamed();
    const { usage } = response;
    return {
      body: Buffer.from(JSON.stringify(answer.encode(response))),
      usage: usage && toTokenUsage(usage),
      outputTokensSeen: usage ? 0 : estimateAnswerOutput(body),
    };
  };
}

/** The answer as the policies of its provider leave it, in the upstream's dialect, and then those of the operation, in the caller's. */
export function governedReader(
  read: AnswerReader,
  policies: PolicyRun | null,
  ofProvider: PolicyRun | null = null,
): AnswerReader {
  const readOwn = policies ? readerWith(read, policies) : read;
  return ofProvider ? readerBehind(readOwn, read, ofProvider) : readOwn;
}

function readerWith(read: AnswerReader, policies: PolicyRun): AnswerReader {
  return (body) => {
    const answer = read(body);
    const governed = policies.answer(answer.body);
    return governed instanceof Promise ? { ...answer, governed } : { ...answer, ...governed };
  };
}

/** What the provider's policies answer instead is the last word; what they leave goes on to `read`. `readPlain` only finds the usage. */
function readerBehind(read: AnswerReader, readPlain: AnswerReader, policies: PolicyRun): AnswerReader {
  const goOn = (body: Buffer, { body: left, refusal }: GovernedAnswer): WholeAnswer =>
    refusal ? { ...readPlain(body), refusal } : read(left);
  return (body) => {
    const governed = policies.answer(body);
    if (!(governed instanceof Promise)) return goOn(body, governed);
    const later = governed.then((found): GovernedAnswer | Promise<GovernedAnswer> => {
      const { body: own, refusal, governed: further } = goOn(body, found);
      return further ?? { body: own, ...(refusal && { refusal }) };
    });
    return { ...readPlain(body), governed: later };
  };
}

/** Vectors in the encoding that the caller asked for: official SDKs ask for base64 and read floats as nothing. */
export function embeddingsReader(surface: Surface, wanted: 'float' | 'base64'): AnswerReader {
  return (body) => {
    refuseError(body, surface);
    const usage = surface.readUsage(body);
    if (isWrittenAs(body, wanted)) return { body, usage, outputTokensSeen: 0 };
    const answer = transcodeEmbeddings(parseFaithfully(body.toString('utf8')) as JsonObject, wanted);
    return { body: Buffer.from(JSON.stringify(answer)), usage, outputTokensSeen: 0 };
  };
}

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };

const EMBEDDING_KEY = /"embedding"\s*:\s*(["[])/;
/** The first vector stands near the beginning. */
const KEY_WITHIN = 512;

/** By the first vector: upstreams write all of them alike. When none is found the answer is looked at as a whole. */
function isWrittenAs(body: Buffer, wanted: 'float' | 'base64'): boolean {
  const found = EMBEDDING_KEY.exec(body.toString('latin1', 0, KEY_WITHIN))?.[1];
  return found === (wanted === 'base64' ? '"' : '[');
}

/** A count of tokens, however the upstream gives it, as `{"input_tokens"}`. Counting uses up none. */
export function tokenCountReader(adapter: ProviderAdapter): AnswerReader {
  return (body) => {
    const count = adapter.readTokenCount?.(JSON.parse(body.toString('utf8')) as JsonObject) ?? null;
    if (count === null) throw new TypeError('the answer holds no count of tokens');
    return { body: Buffer.from(JSON.stringify({ input_tokens: count })), usage: NOTHING, outputTokensSeen: 0 };
  };
}

const notStreamed = (): TypeError => new TypeError('the upstream was asked for a stream and sent none');

function refuseError(body: Buffer, surface: Surface): void {
  if (!body.subarray(0, ERROR_WITHIN).includes(ERROR_KEY)) return;
  const fault = CODECS[surface.dialect].readFault(200, body.toString('utf8'));
  if (fault) throw new UpstreamFaultError(fault);
}
