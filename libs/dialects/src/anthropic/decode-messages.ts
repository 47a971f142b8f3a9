import { GatewayError } from '@penstock/contracts';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalTurn, SystemText } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { cacheMarkOf } from './cache-mark.ts';
import { decodeContent } from './decode-content.ts';
import { arrayOf, missing, objectOf, requiredString, wrongType } from './read-fields.ts';

export function decodeSystem(value: Json | undefined): SystemText[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [{ type: 'text', text: value, origin: 'system', path: 'system' }];
  const blocks = arrayOf(value, 'system') ?? [];
  return blocks.map((block, index) => decodeSystemText(objectOf(block, `system[${index}]`) ?? {}, `system[${index}]`));
}

function decodeSystemText(block: JsonObject, path: string): SystemText {
  const text = requiredString(block['text'], `${path}.text`);
  return { type: 'text', text, origin: 'system', path, ...cacheMarkOf(block) };
}

export function decodeMessages(value: Json | undefined): CanonicalTurn[] {
  const messages = arrayOf(value, 'messages') ?? missing('messages');
  if (messages.length === 0) {
    throw new GatewayError('invalid_request', "'messages' must hold at least one message.", { param: 'messages' });
  }
  return messages.map((message, index) => decodeTurn(message, `messages[${index}]`));
}

function decodeTurn(value: Json, path: string): CanonicalTurn {
  const message = objectOf(value, path) ?? wrongType(path, 'object', value);
  const role = requiredString(message['role'], `${path}.role`);
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw new GatewayError('invalid_request', `'${path}.role' must be 'user', 'assistant' or 'system'.`, {
      param: `${path}.role`,
    });
  }
  return { role, parts: giveCallsTheirSignatures(decodeContent(message['content'], role, `${path}.content`)) };
}

/**
 * Gemini signs tool calls, for which Anthropic has no field: callers carry such a signature in an empty thinking block before
 * the call, and here it is put back.
 */
function giveCallsTheirSignatures(parts: readonly CanonicalPart[]): CanonicalPart[] {
  const result: CanonicalPart[] = [];
  for (const part of parts) {
    const before = result.at(-1);
    const carried = before?.type === 'reasoning' && before.text === '' ? before.signature : undefined;
    if (part.type === 'tool-call' && carried?.dialect === 'gemini') {
      result.pop();
      result.push({ ...part, signature: carried });
    } else {
      result.push(part);
    }
  }
  return result;
}
