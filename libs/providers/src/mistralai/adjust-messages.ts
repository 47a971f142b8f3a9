import type { ModelProfile } from '@penstock/contracts';
import type { Json, JsonObject } from '@penstock/dialects';
import { isJsonObject } from '../chat-body/is-json-object.ts';
import { arrangeSystemMessages } from '../chat-body/system-messages.ts';
import { adjustContent } from './adjust-content.ts';
import { toolCallId } from './tool-call-id.ts';

/** Mistral refuses a user's message right behind results of tools (code 3230), so the assistant says a word in between. */
const BRIDGE: JsonObject = { role: 'assistant', content: 'OK.' };

/** The messages with the fields that Mistral knows, in an order that it accepts. */
export function adjustMessages(messages: readonly Json[], profile: ModelProfile): readonly Json[] {
  const names = namesOfCalls(messages);
  const known = messages.map((message, index) => {
    const adjusted = adjustMessage(message, `messages[${index}]`, profile);
    return isJsonObject(adjusted) && adjusted['role'] === 'tool' ? withName(adjusted, names) : adjusted;
  });
  const spoken = arrangeSystemMessages(known, { ...profile, systemRole: 'system' }).filter(
    (message) => !isSilent(message),
  );
  return markPrefix(
    spoken.flatMap((message, index) => (needsBridge(spoken[index - 1], message) ? [BRIDGE, message] : [message])),
  );
}

function adjustMessage(message: Json, path: string, profile: ModelProfile): Json {
  if (!isJsonObject(message)) return message;
  const { role } = message;
  const content = adjustContent(message['content'], `${path}.content`);
  if (role === 'assistant') return adjustAssistant(message, content, profile);
  if (role !== 'tool') return { role, content };
  const { name, tool_call_id: id } = message;
  return {
    role,
    content,
    tool_call_id: typeof id === 'string' ? toolCallId(id) : id,
    ...(name !== undefined && { name }),
  };
}

/** OpenAI names a tool in the call only, Mistral in the result as well. */
function withName(result: JsonObject, names: ReadonlyMap<Json | undefined, Json>): JsonObject {
  const name = result['name'] ?? names.get(result['tool_call_id']);
  return name === undefined ? result : { ...result, name };
}

/** The tool of each call by the id under which it is sent. */
function namesOfCalls(messages: readonly Json[]): ReadonlyMap<Json | undefined, Json> {
  const names = new Map<Json | undefined, Json>();
  for (const message of messages.filter(isJsonObject)) {
    const { tool_calls: calls } = message;
    for (const call of Array.isArray(calls) ? (calls as readonly Json[]).filter(isJsonObject) : []) {
      const { id, function: called } = call;
      if (typeof id === 'string' && isJsonObject(called)) names.set(toolCallId(id), called['name'] ?? '');
    }
  }
  return names;
}

function adjustAssistant(message: JsonObject, content: Json | undefined, { reasoningField }: ModelProfile): JsonObject {
  const { tool_calls: calls, prefix } = message;
  const reasoning = reasoningField === 'none' ? undefined : (message['reasoning'] ?? message['reasoning_content']);
  return {
    role: 'assistant',
    ...(content !== undefined && { content: withThinking(content, reasoning) }),
    ...(Array.isArray(calls) && calls.length > 0 && { tool_calls: (calls as readonly Json[]).map(adjustCall) }),
    ...(prefix !== undefined && { prefix }),
  };
}

/** Reasoning of earlier turns is a chunk of its own in front of what was said. */
function withThinking(content: Json, reasoning: Json | undefined): Json {
  if (typeof reasoning !== 'string' || reasoning === '') return content;
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: reasoning }], closed: true };
  if (Array.isArray(content)) return [thinking, ...(content as readonly Json[])];
  return typeof content === 'string' && content !== '' ? [thinking, { type: 'text', text: content }] : [thinking];
}

function adjustCall(call: Json): Json {
  if (!isJsonObject(call)) return call;
  const { id, function: called } = call;
  return {
    id: typeof id === 'string' ? toolCallId(id) : id,
    type: 'function',
    function: isJsonObject(called) ? { name: called['name'], arguments: called['arguments'] } : called,
  };
}

/** An assistant's turn in which nothing is said and nothing called is refused. */
function isSilent(message: Json): boolean {
  if (!isJsonObject(message) || message['role'] !== 'assistant' || message['tool_calls'] !== undefined) return false;
  const { content } = message;
  return (
    content === undefined || content === null || content === '' || (Array.isArray(content) && content.length === 0)
  );
}

function needsBridge(previous: Json | undefined, message: Json): boolean {
  return isJsonObject(previous) && previous['role'] === 'tool' && isJsonObject(message) && message['role'] === 'user';
}

/** A conversation may only end with the assistant's words when they are marked as the beginning of its answer. */
function markPrefix(messages: readonly Json[]): readonly Json[] {
  const last = messages.at(-1);
  if (!isJsonObject(last) || last['role'] !== 'assistant' || last['tool_calls'] !== undefined) return messages;
  return [...messages.slice(0, -1), { ...last, prefix: true }];
}
