import { contentTexts, isObject, listOf, type TextPlace } from './text-place.ts';

/** Who says a text. `tool`: what a tool gave back. */
export type Speaker = 'system' | 'user' | 'assistant' | 'tool';

/** A text that a request tells the model. */
export interface MessageText extends TextPlace {
  readonly speaker: Speaker;
  /** Number of its message; those of the system have none (-1). */
  readonly message: number;
}

type Body = Readonly<Record<string, unknown>>;

const SPEAKERS: Readonly<Record<string, Speaker>> = {
  system: 'system',
  developer: 'system',
  assistant: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
};

/**
 * All texts of a request in any dialect: OpenAI's chat, Responses, completions and embeddings, Anthropic's messages, Gemini's
 * contents. Those of the system come first, then messages in their order.
 */
export function messageTexts(body: Body): readonly MessageText[] {
  return [
    ...['system', 'instructions', 'systemInstruction', 'system_instruction'].flatMap((key) =>
      spoken(contentTexts(body, key), 'system', -1),
    ),
    ...['messages', 'contents', 'input', 'prompt'].flatMap((key) => conversationTexts(body, key)),
  ];
}

/** What the user or the assistant said last: the texts that `$.messages[-1].content` means in any dialect. */
export function newestTexts(body: Body): readonly MessageText[] {
  const said = messageTexts(body).filter(isSaid);
  const newest = said.at(-1)?.message;
  return said.filter(({ message }) => message === newest);
}

export function isSaid({ speaker }: MessageText): boolean {
  return speaker === 'user' || speaker === 'assistant';
}

function conversationTexts(body: Body, key: string): readonly MessageText[] {
  const messages = body[key];
  if (!Array.isArray(messages)) return spoken(contentTexts(body, key), 'user', 0);
  const plain = messages.every((message) => typeof message === 'string');
  if (plain) return spoken(contentTexts(body, key), 'user', 0);
  return messages.flatMap((message: unknown, index) => (isObject(message) ? textsOfMessage(message, index) : []));
}

function textsOfMessage(message: Body, index: number): readonly MessageText[] {
  if (message.type === 'function_call_output' || message.type === 'custom_tool_call_output') {
    return spoken(contentTexts(message, 'output'), 'tool', index);
  }
  const speaker = (typeof message.role === 'string' ? SPEAKERS[message.role] : undefined) ?? 'user';
  return [
    ...spoken([...contentTexts(message, 'content'), ...contentTexts(message, 'parts')], speaker, index),
    ...listOf(message.content).flatMap((part) =>
      isObject(part) && part.type === 'tool_result' ? spoken(contentTexts(part, 'content'), 'tool', index) : [],
    ),
  ];
}

function spoken(places: readonly TextPlace[], speaker: Speaker, message: number): readonly MessageText[] {
  return places.map(({ text, replace }) => ({ text, replace, speaker, message }));
}
