import type { CanonicalPart, Citation } from '../canonical/canonical-part.ts';
import type { CanonicalResponse } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { objectOf, objectsOf, stringOf, textOf } from '../gemini/json-fields.ts';
import { decodeCitation } from './decode-citation.ts';
import { faultOf, upstreamFault } from './errors.ts';
import { finishOf } from './finish.ts';
import { readUsage } from './read-usage.ts';

/** An answer of `converse`. Throws `UpstreamFaultError` for an error, and for an answer that says nothing. */
export function decodeResponse(body: JsonObject, context: DecodeAnswerContext): CanonicalResponse {
  const message = objectOf(objectOf(body['output'])?.['message']);
  const stopReason = textOf(body['stopReason']);
  if (!message || stopReason === undefined) {
    throw new UpstreamFaultError(faultOf(body, 500, null) ?? upstreamFault('The upstream answered without a message.'));
  }
  const parts = objectsOf(message['content']).flatMap((block) => decodeBlock(block, context));
  const finish = finishOf(
    stopReason,
    parts.some(({ type }) => type === 'tool-call'),
  );
  if (finish.reason === 'malformed' && !parts.some(({ type }) => type === 'text' || type === 'tool-call')) {
    throw new UpstreamFaultError(upstreamFault('The model gave an answer that cannot be used.'));
  }
  const tier = textOf(objectOf(body['serviceTier'])?.['type']);
  return {
    id: context.createId(),
    model: '',
    choices: [{ parts, finish }],
    usage: readUsage(body),
    ...(tier !== undefined && { serviceTier: tier }),
  };
}

function decodeBlock(block: JsonObject, context: DecodeAnswerContext): CanonicalPart[] {
  const text = textOf(block['text']);
  if (text !== undefined) return [{ type: 'text', text }];
  const toolUse = objectOf(block['toolUse']);
  // A call that the vendor runs itself is not the caller's to answer.
  if (toolUse && toolUse['type'] !== 'server_tool_use') return [decodeCall(toolUse, context)];
  const reasoning = objectOf(block['reasoningContent']);
  if (reasoning) return decodeReasoning(reasoning, context);
  const cited = objectOf(block['citationsContent']);
  if (cited) return decodeCited(cited);
  const [name] = Object.keys(block);
  return name === undefined || name === 'text'
    ? []
    : [{ type: 'opaque', dialect: 'bedrock-converse', name, value: block }];
}

function decodeCall(toolUse: JsonObject, context: DecodeAnswerContext): CanonicalPart {
  return {
    type: 'tool-call',
    id: textOf(toolUse['toolUseId']) ?? context.createId(),
    name: stringOf(toolUse['name']) ?? '',
    arguments: JSON.stringify(toolUse['input'] ?? {}),
    kind: 'function',
  };
}

function decodeReasoning(reasoning: JsonObject, { origin }: DecodeAnswerContext): CanonicalPart[] {
  const redacted = textOf(reasoning['redactedContent']);
  if (redacted !== undefined) {
    return [{ type: 'reasoning', text: '', redacted: true, signature: { ...origin, value: redacted } }];
  }
  const shown = objectOf(reasoning['reasoningText']);
  const text = stringOf(shown?.['text']) ?? '';
  const value = textOf(shown?.['signature']);
  if (text === '' && value === undefined) return [];
  return [{ type: 'reasoning', text, ...(value !== undefined && { signature: { ...origin, value } }) }];
}

function decodeCited(cited: JsonObject): CanonicalPart[] {
  const text = objectsOf(cited['content'])
    .map((piece) => stringOf(piece['text']) ?? '')
    .join('');
  const citations = objectsOf(cited['citations'])
    .map(decodeCitation)
    .filter((citation): citation is Citation => citation !== null);
  if (text === '') return [];
  return [{ type: 'text', text, ...(citations.length > 0 && { citations }) }];
}
