import { brokenRule, type Violation } from '../violation.ts';
import type { ChatRequest, Message } from './schema.ts';

const ORDER = '3230';

/** The rules between the fields of a chat request. */
export function checkChat(body: ChatRequest): readonly Violation[] {
  return [
    ...checkOrder(body.messages),
    ...checkToolCounts(body.messages),
    ...body.messages.flatMap(checkMessage),
    ...checkTools(body),
  ];
}

function checkOrder(messages: readonly Message[]): Violation[] {
  const violations = messages.flatMap((message, index) => {
    const before = messages[index - 1]?.role;
    if (before === undefined || mayFollow(before, message.role)) return [];
    return [brokenRule(['messages', index], `Unexpected role '${message.role}' after role '${before}'`, ORDER)];
  });
  const last = messages.at(-1);
  if (last?.role === 'user' || last?.role === 'tool' || (last?.role === 'assistant' && last.prefix)) return violations;
  return [
    ...violations,
    brokenRule(
      ['messages'],
      `Expected last role User or Tool (or Assistant with prefix True) for serving but got ${last?.role ?? 'none'}`,
      ORDER,
    ),
  ];
}

function mayFollow(before: Message['role'], role: Message['role']): boolean {
  if (role === 'system') return before === 'system';
  if (before === 'tool') return role === 'tool' || role === 'assistant';
  return role !== 'tool' || before === 'assistant';
}

/** As many results as calls, with the ids of those. */
function checkToolCounts(messages: readonly Message[]): Violation[] {
  return messages.flatMap((message, index) => {
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
    if (calls.length === 0) return [];
    const end = messages.findIndex(({ role }, at) => at > index && role !== 'tool');
    const results = messages.slice(index + 1, end < 0 ? undefined : end);
    if (results.length !== calls.length) {
      return [brokenRule(['messages', index], 'Not the same number of function calls and responses', ORDER)];
    }
    const ids = new Set(results.map((result) => (result.role === 'tool' ? result.tool_call_id : null)));
    return calls.every(({ id }) => ids.has(id))
      ? []
      : [brokenRule(['messages', index], 'Unexpected tool call id in tool message', '3231')];
  });
}

function checkMessage(message: Message, index: number): Violation[] {
  if (message.role === 'tool') return checkId(message.tool_call_id ?? '', index);
  if (message.role === 'user' && (message.content === null || message.content.length === 0)) {
    return [brokenRule(['messages', index], 'User message must have content', '3240')];
  }
  if (message.role !== 'assistant') return [];
  const calls = message.tool_calls ?? [];
  if (calls.length === 0 && !message.content?.length) {
    return [
      brokenRule(
        ['messages', index],
        'Assistant message must have either content or tool_calls, but not none.',
        '3240',
      ),
    ];
  }
  return calls.flatMap((call) => [
    ...checkId(call.id ?? 'null', index),
    ...checkName(call.function.name, ['messages', index]),
  ]);
}

function checkId(id: string, index: number): Violation[] {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return [];
  const message = `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`;
  return [brokenRule(['messages', index], message, '3280')];
}

function checkName(name: string, path: (string | number)[]): Violation[] {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return [];
  const message = `Function name was ${name} but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.`;
  return [brokenRule(path, message, '3330')];
}

function checkTools({ tools, tool_choice: choice }: ChatRequest): Violation[] {
  const violations = (tools ?? []).flatMap((tool, index) => checkName(tool.function.name, ['tools', index]));
  if (choice === undefined || choice === 'auto' || choice === 'none' || tools?.length) return violations;
  return [...violations, brokenRule(['tool_choice'], 'Tool choice is set but no tools are provided', '3051')];
}
