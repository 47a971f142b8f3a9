import { GatewayError } from '@penstock/contracts';
import type { CanonicalPart, Citation, MediaPart, TextPart, ToolResultPart } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { cacheMarkOf } from './cache-mark.ts';
import { decodeDocument, decodeImage } from './decode-media.ts';
import { given } from './given.ts';
import { arrayOf, booleanOf, isArray, isObject, objectOf, requiredString, stringOf, wrongType } from './read-fields.ts';
import { readSignature } from './wire-signature.ts';

type Role = 'user' | 'assistant' | 'system';
type BlockReader = (block: JsonObject, path: string) => readonly CanonicalPart[];

/** Blocks that Penstock has words for, and the one role that may say them where there is only one. */
const READERS: ReadonlyMap<Json, { readonly read: BlockReader; readonly role?: Role }> = new Map<
  Json,
  { read: BlockReader; role?: Role }
>([
  ['text', { read: (block, path) => [decodeText(block, path)] }],
  ['image', { read: (block, path) => [decodeImage(block, path)] }],
  ['document', { read: decodeDocument }],
  ['tool_result', { read: (block, path) => [decodeToolResult(block, path)], role: 'user' }],
  ['tool_use', { read: (block, path) => [decodeToolUse(block, path)], role: 'assistant' }],
  ['thinking', { read: decodeThinking, role: 'assistant' }],
  ['redacted_thinking', { read: decodeRedacted, role: 'assistant' }],
]);

/** The parts of a message's `content`. What only Anthropic has a word for, now or in the future, becomes an opaque part. */
export function decodeContent(content: Json | undefined, role: Role, path: string): CanonicalPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content, path }];
  const blocks = arrayOf(content, path);
  if (blocks === undefined) return wrongType(path, 'string or array', content);
  return blocks.flatMap((value, index) => decodeBlock(value, role, `${path}[${index}]`));
}

function decodeBlock(value: Json, role: Role, path: string): readonly CanonicalPart[] {
  const block = objectOf(value, path) ?? wrongType(path, 'object', value);
  const type = requiredString(block['type'], `${path}.type`);
  const reader = READERS.get(type);
  if (!reader) return [{ type: 'opaque', dialect: 'anthropic', name: type, value: block, path, ...cacheMarkOf(block) }];
  if (reader.role !== undefined && reader.role !== role) {
    throw new GatewayError(
      'invalid_request',
      `'${path}': a block '${type}' cannot stand in a message of the ${role}.`,
      {
        param: path,
      },
    );
  }
  return reader.read(block, path);
}

function decodeText(block: JsonObject, path: string): TextPart {
  const text = requiredString(block['text'], `${path}.text`);
  return {
    type: 'text',
    text,
    path,
    ...given('citations', decodeCitations(block['citations'])),
    ...cacheMarkOf(block),
  };
}

/** Citations in Anthropic's own form, with what any dialect can say of them. Undefined when there are none. */
export function decodeCitations(value: Json | undefined): readonly Citation[] | undefined {
  if (!isArray(value) || value.length === 0) return undefined;
  return value.map(decodeCitation);
}

export function decodeCitation(value: Json): Citation {
  const citation = isObject(value) ? value : {};
  const url = textOf(citation['url']);
  const title = textOf(citation['title']) ?? textOf(citation['document_title']);
  return { ...given('url', url), ...given('title', title), native: { dialect: 'anthropic', value } };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function decodeSearchResult(block: JsonObject, path: string): TextPart {
  const texts = (arrayOf(block['content'], `${path}.content`) ?? []).map((item) =>
    isObject(item) && typeof item['text'] === 'string' ? item['text'] : '',
  );
  const source = stringOf(block['source'], `${path}.source`) ?? '';
  const title = stringOf(block['title'], `${path}.title`) ?? '';
  return {
    type: 'text',
    text: [`Source: ${source}`, `Title: ${title}`, ...texts].join('\n'),
    path,
    ...cacheMarkOf(block),
  };
}

function decodeToolUse(block: JsonObject, path: string): CanonicalPart {
  return {
    type: 'tool-call',
    id: requiredString(block['id'], `${path}.id`),
    name: requiredString(block['name'], `${path}.name`),
    arguments: JSON.stringify(block['input'] ?? {}),
    kind: 'function',
    path,
    ...cacheMarkOf(block),
  };
}

function decodeToolResult(block: JsonObject, path: string): ToolResultPart {
  return {
    type: 'tool-result',
    callId: requiredString(block['tool_use_id'], `${path}.tool_use_id`),
    parts: decodeResultContent(block['content'], `${path}.content`),
    isError: booleanOf(block['is_error'], `${path}.is_error`) ?? false,
    path,
    ...cacheMarkOf(block),
  };
}

function decodeResultContent(content: Json | undefined, path: string): (TextPart | MediaPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content, path }];
  const blocks = arrayOf(content, path) ?? [];
  return blocks.flatMap((value, index) => {
    const at = `${path}[${index}]`;
    return decodeResultBlock(objectOf(value, at) ?? wrongType(at, 'object', value), at);
  });
}

/** Kinds that have no word elsewhere reach the model as the JSON that they are, since a result must not lose a piece. */
function decodeResultBlock(block: JsonObject, path: string): (TextPart | MediaPart)[] {
  switch (block['type']) {
    case 'text':
      return [decodeText(block, path)];
    case 'image':
      return [decodeImage(block, path)];
    case 'document':
      return decodeDocument(block, path);
    case 'search_result':
      return [decodeSearchResult(block, path)];
    default:
      return [{ type: 'text', text: JSON.stringify(block), path }];
  }
}

function decodeThinking(block: JsonObject, path: string): readonly CanonicalPart[] {
  const text = stringOf(block['thinking'], `${path}.thinking`) ?? '';
  const signature = readSignature(stringOf(block['signature'], `${path}.signature`));
  if (text === '' && signature === undefined) return [];
  return [{ type: 'reasoning', text, path, ...given('signature', signature) }];
}

function decodeRedacted(block: JsonObject, path: string): readonly CanonicalPart[] {
  const signature = readSignature(stringOf(block['data'], `${path}.data`));
  return signature === undefined ? [] : [{ type: 'reasoning', text: '', redacted: true, signature, path }];
}
