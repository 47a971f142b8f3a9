import type {
  ItemStatus,
  ResponseCustomToolCall,
  ResponseFunctionToolCall,
  ResponseOutputMessage,
  ResponseReasoningItem,
} from './schema.ts';

/** A call as it goes out. */
export interface OutgoingCall {
  readonly itemId: string;
  readonly callId: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly kind: 'function' | 'custom';
  /** Arguments of a function, bare input of a custom tool. */
  readonly text: string;
}

export function callItem(call: OutgoingCall, status: ItemStatus): ResponseFunctionToolCall | ResponseCustomToolCall {
  const { itemId: id, callId, name, namespace, kind, text } = call;
  const group = namespace === undefined ? {} : { namespace };
  return kind === 'function'
    ? { id, type: 'function_call', status, arguments: text, call_id: callId, name, ...group }
    : { id, type: 'custom_tool_call', status, call_id: callId, input: text, name, ...group };
}

export function messageItem(
  id: string,
  status: ItemStatus,
  content: ResponseOutputMessage['content'],
): ResponseOutputMessage {
  return { id, type: 'message', status, role: 'assistant', content };
}

/** `encrypted`: undefined when the caller did not ask for it, null when there is none. */
export function reasoningItem(id: string, text: string, encrypted: string | null | undefined): ResponseReasoningItem {
  const summary = text === '' ? [] : [{ type: 'summary_text', text } as const];
  return { id, type: 'reasoning', summary, ...(encrypted !== undefined && { encrypted_content: encrypted }) };
}
