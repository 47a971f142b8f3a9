import type { CanonicalPart, MediaPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest, CanonicalTool } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';

/** English has about four bytes to a token, code and JSON three, most other scripts three bytes to a character. */
const BYTES_PER_TOKEN = 3;
/** What a message, a block or a tool costs beside its text. */
const TOKENS_PER_PART = 4;
/** The largest image that Claude looks at; other vendors count less. */
const TOKENS_PER_IMAGE = 1600;
/** A page of a document costs some 2500 tokens and has at least 100 kB of base64, unless it is the only one. */
const BASE64_PER_DOCUMENT_TOKEN = 40;
const MIN_TOKENS_PER_DOCUMENT = 2500;
const BASE64_PER_AUDIO_TOKEN = 500;

/**
 * Input tokens of a request, from its bytes, where no vendor counts them: rather too many than too few, since agents compact
 * their conversation by this number. Includes tools, system and schema.
 */
export function estimateInputTokens(request: CanonicalRequest): number {
  const parts = [...request.system, ...request.turns.flatMap((turn) => turn.parts)];
  const schema = request.output.kind === 'schema' ? textTokens(JSON.stringify(request.output.schema)) : 0;
  const perTurn = request.turns.length * TOKENS_PER_PART;
  return sum(parts.map(partTokens)) + sum(request.tools.map(toolTokens)) + perTurn + schema;
}

/** Answer of `/v1/messages/count_tokens`. */
export function renderTokenCount(inputTokens: number): JsonObject {
  return { input_tokens: inputTokens };
}

function partTokens(part: CanonicalPart): number {
  return TOKENS_PER_PART + contentTokens(part);
}

function contentTokens(part: CanonicalPart): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return textTokens(part.text);
    case 'tool-call':
      return textTokens(part.name) + textTokens(part.arguments);
    case 'tool-result':
      return sum(part.parts.map(partTokens));
    case 'opaque':
      return textTokens(JSON.stringify(part.value));
    default:
      return mediaTokens(part);
  }
}

function mediaTokens({ type, source }: MediaPart): number {
  if (source.kind === 'text') return textTokens(source.text);
  const length = source.kind === 'data' ? source.data.length : 0;
  if (type === 'image') return TOKENS_PER_IMAGE;
  if (type === 'audio') return Math.ceil(length / BASE64_PER_AUDIO_TOKEN);
  return Math.max(MIN_TOKENS_PER_DOCUMENT, Math.ceil(length / BASE64_PER_DOCUMENT_TOKEN));
}

function toolTokens({ name, description, parameters, native }: CanonicalTool): number {
  const definition = [parameters, native?.value].map((value) => (value === undefined ? '' : JSON.stringify(value)));
  return TOKENS_PER_PART + sum([name, description ?? '', ...definition].map(textTokens));
}

function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
