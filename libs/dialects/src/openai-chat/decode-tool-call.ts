import type { ToolCallPart } from '../canonical/canonical-part.ts';
import type { Json } from '../canonical/json.ts';
import { defined } from './defined.ts';
import { RequestFields } from './request-fields.ts';
import { readCallerSignature, readCallSignature, splitCallId } from './signature-carriers.ts';

/** A call of an assistant's message in a request. */
export function decodeToolCall(call: RequestFields): ToolCallPart {
  const kind = call.string('type') === 'custom' ? 'custom' : 'function';
  const inner = RequestFields.of(call.object[kind], call.pathOf(kind));
  return defined<ToolCallPart>({
    type: 'tool-call',
    id: splitCallId(call.requiredString('id')).id,
    name: inner.requiredString('name'),
    arguments: kind === 'custom' ? (inner.string('input') ?? '') : argumentsText(inner.value('arguments')),
    kind,
    signature: readCallSignature(call.object, readCallerSignature),
    path: call.path,
  });
}

/** The old form of a call, which has no id. */
export function decodeFunctionCall(call: RequestFields, messageIndex: number): ToolCallPart {
  return {
    type: 'tool-call',
    id: madeUpCallId(messageIndex),
    name: call.requiredString('name'),
    arguments: argumentsText(call.value('arguments')),
    kind: 'function',
    path: call.path,
  };
}

/** An id of nine letters and digits, which every vendor accepts; the same for the same place in the conversation. */
export function madeUpCallId(messageIndex: number): string {
  return `fc${String(messageIndex).padStart(7, '0')}`;
}

/** Arguments are JSON text; some vendors and callers send the value itself. */
export function argumentsText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
