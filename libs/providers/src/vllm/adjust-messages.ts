import type { ModelProfile } from '@penstock/contracts';
import type { Json } from '@penstock/dialects';
import { isJsonObject } from '../chat-body/is-json-object.ts';
import { arrangeSystemMessages } from '../chat-body/system-messages.ts';

/** The messages as chat templates of open models take them. */
export function adjustMessages(messages: readonly Json[], profile: ModelProfile): readonly Json[] {
  return arrangeSystemMessages(messages, profile).map((message) => withReasoning(message, profile.reasoningField));
}

/** Reasoning of earlier turns stands under the one name that the server reads; older clients use the other. */
function withReasoning(message: Json, field: ModelProfile['reasoningField']): Json {
  if (!isJsonObject(message) || message['role'] !== 'assistant') return message;
  const { reasoning, reasoning_content: older, ...rest } = message;
  const value = reasoning ?? older;
  if (value === undefined || (older === undefined && field === 'reasoning')) return message;
  return field === 'none' || value === null ? rest : { ...rest, [field]: value };
}

/** Whether the conversation ends with the beginning of the assistant's answer. */
export function endsWithPrefill(messages: readonly Json[]): boolean {
  const last = messages.at(-1);
  if (!isJsonObject(last) || last['role'] !== 'assistant') return false;
  const { content, tool_calls: calls } = last;
  if (Array.isArray(calls) && calls.length > 0) return false;
  return (typeof content === 'string' || Array.isArray(content)) && content.length > 0;
}
