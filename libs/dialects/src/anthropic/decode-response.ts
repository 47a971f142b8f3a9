import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalResponse } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { decodeCitations } from './decode-content.ts';
import { faultOf } from './errors.ts';
import { brokenAnswer } from './faults.ts';
import { given } from './given.ts';
import { isArray, isObject } from './read-fields.ts';
import { readMessageUsage } from './read-usage.ts';
import { finishOf } from './stop-reason.ts';
import { serviceTierOf } from './wire-usage.ts';

/** Reads a whole message. Throws `UpstreamFaultError` for an error in its place and for what is no message. */
export function decodeResponse(body: JsonObject, context: DecodeAnswerContext): CanonicalResponse {
  const fault = faultOf(body);
  if (fault) throw new UpstreamFaultError(fault);
  const content = body['content'];
  if (!isArray(content)) throw new UpstreamFaultError(brokenAnswer('The upstream sent no message.'));
  const parts = placeCitations(content.flatMap((block) => decodeBlock(block, context)));
  const finish = finishOf(
    { reason: body['stop_reason'], sequence: body['stop_sequence'], details: body['stop_details'] },
    parts.some((part) => part.type === 'tool-call'),
  );
  return {
    id: textOf(body['id']),
    model: textOf(body['model']),
    choices: [{ parts, finish }],
    usage: readMessageUsage(body),
    ...given('serviceTier', serviceTierOf(body['usage'])),
  };
}

function decodeBlock(block: Json, context: DecodeAnswerContext): CanonicalPart[] {
  if (!isObject(block)) throw new UpstreamFaultError(brokenAnswer('The upstream sent a block that is no object.'));
  switch (block['type']) {
    case 'text': {
      const text = textOf(block['text']);
      return text === '' ? [] : [{ type: 'text', text, ...given('citations', decodeCitations(block['citations'])) }];
    }
    case 'thinking':
      return decodeThinking(textOf(block['thinking']), textOf(block['signature']), context);
    case 'redacted_thinking':
      return [
        { type: 'reasoning', text: '', redacted: true, signature: { ...context.origin, value: textOf(block['data']) } },
      ];
    case 'tool_use':
      return [
        {
          type: 'tool-call',
          id: textOf(block['id']) || context.createId(),
          name: textOf(block['name']),
          arguments: JSON.stringify(block['input'] ?? {}),
          kind: 'function',
        },
      ];
    default:
      return [{ type: 'opaque', dialect: 'anthropic', name: textOf(block['type']), value: block }];
  }
}

function decodeThinking(text: string, value: string, context: DecodeAnswerContext): CanonicalPart[] {
  if (text === '' && value === '') return [];
  return [{ type: 'reasoning', text, ...(value === '' ? {} : { signature: { ...context.origin, value } }) }];
}

/** A citation stands for the whole of its block, whose place in the answer's text only shows here. */
function placeCitations(parts: readonly CanonicalPart[]): CanonicalPart[] {
  let offset = 0;
  return parts.map((part) => {
    if (part.type !== 'text') return part;
    const startIndex = offset;
    offset += part.text.length;
    if (part.citations === undefined) return part;
    return { ...part, citations: part.citations.map((citation) => ({ ...citation, startIndex, endIndex: offset })) };
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
