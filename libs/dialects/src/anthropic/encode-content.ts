import { GatewayError } from '@penstock/contracts';
import type {
  CanonicalPart,
  Citation,
  MediaPart,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { cacheControlOf } from './cache-mark.ts';
import { given } from './given.ts';
import { isObject } from './read-fields.ts';
import { toolInput } from './tool-input.ts';

/** The block of a part; none for what must not be sent: empty text, unsigned reasoning, another dialect's own. */
export function encodePart(part: CanonicalPart): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeText(part);
    case 'refusal':
      return encodeText({ ...part, type: 'text' });
    case 'image':
    case 'document':
    case 'audio':
      return [encodeMedia(part)];
    case 'reasoning':
      return encodeReasoning(part);
    case 'tool-call':
      return [encodeToolCall(part)];
    case 'tool-result':
      return [encodeToolResult(part)];
    case 'opaque':
      return encodeOpaque(part);
  }
}

function encodeText(part: TextPart): readonly JsonObject[] {
  if (part.text === '') return [];
  const citations = given('citations', nativeCitations(part.citations));
  return [{ type: 'text', text: part.text, ...citations, ...cacheControlOf(part.cache) }];
}

/** Citations that Anthropic itself made; it has no form for those of others. */
export function nativeCitations(citations: readonly Citation[] | undefined): readonly Json[] | undefined {
  const values = (citations ?? []).flatMap(({ native }) => (native?.dialect === 'anthropic' ? [native.value] : []));
  return values.length === 0 ? undefined : values;
}

function encodeMedia(part: MediaPart): JsonObject {
  if (part.type === 'audio') unsupported(part, 'audio');
  return {
    type: part.type,
    source: encodeSource(part),
    ...(part.type === 'document' ? given('title', part.filename) : {}),
    ...cacheControlOf(part.cache),
  };
}

function encodeSource(part: MediaPart): JsonObject {
  const { source } = part;
  switch (source.kind) {
    case 'data':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url':
      return { type: 'url', url: source.url };
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: source.text };
    case 'file-id':
      if (source.dialect !== 'anthropic') unsupported(part, "another vendor's file");
      return { type: 'file', file_id: source.id };
  }
}

function unsupported(part: MediaPart, what: string): never {
  const param = part.path ?? 'messages';
  throw new GatewayError(
    'unsupported_content',
    `'${param}': the model that serves this request does not take ${what}.`,
    {
      param,
    },
  );
}

/** Thinking goes back only with the signature that proves whose it is; preparation has taken foreign ones away. */
function encodeReasoning(part: ReasoningPart): readonly JsonObject[] {
  const { signature } = part;
  if (signature?.dialect !== 'anthropic') return [];
  if (part.redacted === true) return [{ type: 'redacted_thinking', data: signature.value }];
  return [{ type: 'thinking', thinking: part.text, signature: signature.value }];
}

function encodeToolCall(part: ToolCallPart): JsonObject {
  const input = part.kind === 'custom' ? { input: part.arguments } : toolInput(part.arguments);
  return { type: 'tool_use', id: part.id, name: part.name, input, ...cacheControlOf(part.cache) };
}

function encodeToolResult(part: ToolResultPart): JsonObject {
  const content = part.parts.flatMap(encodePart);
  const [only] = content;
  const isPlain = content.length === 1 && only?.['type'] === 'text' && Object.keys(only).length === 2;
  return {
    type: 'tool_result',
    tool_use_id: part.callId,
    ...(content.length === 0 ? {} : { content: isPlain ? only['text'] : content }),
    ...(part.isError ? { is_error: true } : {}),
    ...cacheControlOf(part.cache),
  };
}

function encodeOpaque({ dialect, value, cache }: OpaquePart): readonly JsonObject[] {
  if (dialect !== 'anthropic' || !isObject(value)) return [];
  const { cache_control: _, ...rest } = value;
  return [{ ...rest, ...cacheControlOf(cache) }];
}
