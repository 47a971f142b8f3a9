import type { ChatCompletion, ChatCompletionChunk, ChatCompletionMessage } from 'openai/resources/chat/completions';

/** What gateways add to a message or to a piece of one, and OpenAI's client does not know. */
interface Additions {
  readonly reasoning?: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly object[];
  readonly extra_content?: object;
}

/** What the model thought, as callers that know open models read it. */
export function chatThoughts(message: ChatCompletionMessage): string {
  const { reasoning, reasoning_content: other } = message as Additions;
  return other ?? reasoning ?? '';
}

/**
 * The message of a stream. OpenAI's client joins what it knows; what it does not know callers join for themselves: texts and
 * lists piece by piece, the signature of a call with its call.
 */
export function joinChatTurn(whole: ChatCompletion, chunks: readonly ChatCompletionChunk[]): ChatCompletion {
  const [choice] = whole.choices;
  if (!choice) return whole;
  const deltas = chunks.flatMap(({ choices }) =>
    choices.map(({ delta }) => ({ ...delta }) as typeof delta & Additions),
  );
  const thoughts = deltas.map(({ reasoning, reasoning_content: other }) => other ?? reasoning ?? '').join('');
  const details = deltas.flatMap(({ reasoning_details: some }) => some ?? []);
  const extra = deltas.findLast(({ extra_content: some }) => some !== undefined)?.extra_content;
  const calls = choice.message.tool_calls?.map((call, index) => {
    const pieces = deltas.flatMap(({ tool_calls: some }) => some ?? []).filter((piece) => piece.index === index);
    const signed = pieces.findLast((piece) => (piece as Additions).extra_content !== undefined) as
      | Additions
      | undefined;
    const { id, type } = call;
    const named =
      call.type === 'function' ? { name: call.function.name, arguments: call.function.arguments } : undefined;
    return { id, type, function: named, ...(signed && { extra_content: signed.extra_content }) };
  });
  const { role, content, refusal } = choice.message;
  const message = {
    role,
    content,
    refusal,
    ...(calls && calls.length > 0 && { tool_calls: calls }),
    ...(thoughts !== '' && { reasoning_content: thoughts }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(extra && { extra_content: extra }),
  } as ChatCompletionMessage;
  return { ...whole, choices: [{ ...choice, message }] };
}
