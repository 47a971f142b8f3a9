import { decodeBase64, readDataUrl } from '../decode-media.ts';
import { brokenRule, type Violation } from '../violation.ts';
import type { Message, UserPart } from './message-schema.ts';

const imageTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Rules for messages and their order. */
export function checkMessages(messages: readonly Message[]): readonly Violation[] {
  return [...checkToolOrder(messages), ...messages.flatMap(checkContent)];
}

/** Results stand directly behind the calls that they answer, each call has one, and nothing else is answered. */
function checkToolOrder(messages: readonly Message[]): Violation[] {
  const violations: Violation[] = [];
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.includes(message.tool_call_id)) {
        violations.push(
          brokenRule(
            ['messages', index, 'role'],
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          ),
        );
      }
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    violations.push(...unanswered(open, index));
    open = message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
    if (new Set(open).size < open.length) {
      violations.push(brokenRule(['messages', index, 'tool_calls'], 'Duplicate value for tool_call id.'));
    }
  }
  return [...violations, ...unanswered(open, messages.length)];
}

function unanswered(open: readonly string[], index: number): Violation[] {
  if (open.length === 0) return [];
  return [
    brokenRule(
      ['messages', index, 'role'],
      `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`,
    ),
  ];
}

function checkContent(message: Message, index: number): Violation[] {
  if (message.role === 'assistant') {
    const empty =
      !message.content && !message.tool_calls && !message.function_call && !message.audio && !message.refusal;
    if (!empty || message.content === '') return [];
    return [brokenRule(['messages', index, 'content'], "Invalid value for 'content': expected a string, got null.")];
  }
  if (message.role !== 'user' || typeof message.content === 'string') return [];
  return message.content.flatMap((part, position) => checkPart(part, ['messages', index, 'content', position]));
}

function checkPart(part: UserPart, path: (string | number)[]): Violation[] {
  if (part.type === 'image_url') return checkImage(part.image_url.url, [...path, 'image_url']);
  if (part.type === 'input_audio') {
    return decodeBase64(part.input_audio.data) === null ? [brokenRule(path, 'Invalid base64 audio data.')] : [];
  }
  if (part.type !== 'file') return [];
  const { file_data: data, file_id: id, filename } = part.file;
  if ((data === undefined) === (id === undefined))
    return [brokenRule([...path, 'file'], 'Missing required parameter: file_id.')];
  if (data === undefined) return [];
  if (!readDataUrl(data))
    return [
      brokenRule(
        [...path, 'file', 'file_data'],
        'Expected a base64-encoded data URL with an application/pdf MIME type.',
      ),
    ];
  return filename === undefined
    ? [brokenRule([...path, 'file', 'filename'], "Missing required parameter: 'filename'.")]
    : [];
}

/** An image by https or as base64 of one of four types. Responses has the same rule. */
export function checkImage(url: string, path: (string | number)[]): Violation[] {
  const data = readDataUrl(url);
  if (data && !imageTypes.includes(data.mimeType)) {
    return [
      brokenRule(
        path,
        "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
        'image_parse_error',
      ),
    ];
  }
  return data || /^https?:\/\//.test(url)
    ? []
    : [brokenRule(path, `Invalid image URL: '${url.slice(0, 40)}'.`, 'invalid_image_url')];
}
