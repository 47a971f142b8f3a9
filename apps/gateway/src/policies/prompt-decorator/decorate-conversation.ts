import type { Dialect } from '@penstock/contracts';
import type { JsonObject } from '@penstock/dialects';
import { isObject, listOf } from '../text/text-place.ts';
import { type Decoration, type DecorationMessage, extend, messagesOf, noPlace } from './decoration.ts';

type Body = Record<string, unknown>;

/** Decorates a conversation with messages, as the caller's dialect writes them. Throws UndecoratedError when there is none. */
export function decorateConversation(json: JsonObject, decoration: Decoration, dialect: Dialect | ''): void {
  const body = json as Body;
  const messages = messagesOf(decoration);
  if (Array.isArray(body.contents)) decorateGemini(body, messages, decoration.append);
  else if (typeof body.input === 'string' || Array.isArray(body.input)) {
    decorateResponses(body, messages, decoration.append);
  } else if (!Array.isArray(body.messages)) throw noPlace();
  else if (dialect === 'anthropic') decorateAnthropic(body, messages, decoration.append);
  else if (dialect === 'bedrock-converse') decorateConverse(body, messages, decoration.append);
  else body.messages = extend<unknown>(body.messages, messages, decoration.append);
}

function decorateAnthropic(body: Body, messages: readonly DecorationMessage[], append: boolean): void {
  const { system, said } = divided(messages);
  if (system !== '') {
    const { system: present } = body;
    const block = { type: 'text', text: system };
    body.system = Array.isArray(present) ? extend<unknown>(present, [block], append) : joined(present, system, append);
  }
  body.messages = extend<unknown>(listOf(body.messages), said, append);
}

function decorateConverse(body: Body, messages: readonly DecorationMessage[], append: boolean): void {
  const { system, said } = divided(messages);
  if (system !== '') body.system = extend<unknown>(listOf(body.system), [{ text: system }], append);
  const own = said.map(({ role, content }) => ({ role, content: [{ text: content }] }));
  body.messages = extend<unknown>(listOf(body.messages), own, append);
}

function decorateResponses(body: Body, messages: readonly DecorationMessage[], append: boolean): void {
  const { system, said } = divided(messages);
  if (system !== '') body.instructions = joined(body.instructions, system, append);
  if (said.length === 0) return;
  const { input } = body;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : listOf(input);
  body.input = extend<unknown>(items, said, append);
}

function decorateGemini(body: Body, messages: readonly DecorationMessage[], append: boolean): void {
  const { system, said } = divided(messages);
  if (system !== '') {
    const key = body.system_instruction === undefined ? 'systemInstruction' : 'system_instruction';
    const present = isObject(body[key]) ? body[key] : {};
    body[key] = { ...present, parts: extend<unknown>(listOf(present.parts), [{ text: system }], append) };
  }
  const contents = said.map(({ role, content }) => ({
    role: role === 'assistant' ? 'model' : 'user',
    parts: [{ text: content }],
  }));
  body.contents = extend<unknown>(listOf(body.contents), contents, append);
}

/** What dialects other than OpenAI's chat keep apart: what the system says, and the conversation. */
function divided(messages: readonly DecorationMessage[]) {
  const isSystem = ({ role }: DecorationMessage): boolean => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).map(({ content }) => content);
  return { system: system.join('\n\n'), said: messages.filter((message) => !isSystem(message)) };
}

function joined(present: unknown, text: string, append: boolean): string {
  return extend(typeof present === 'string' && present !== '' ? [present] : [], [text], append).join('\n\n');
}
