import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalResponse } from '../canonical/canonical-response.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { nativeCitations } from './encode-content.ts';
import { messageFrame } from './message-frame.ts';
import type { WireBlock } from './schema.ts';
import { wireStopOf } from './stop-reason.ts';
import { toolInput } from './tool-input.ts';
import { wireUsageOf } from './wire-usage.ts';
import { writeSignature } from './wire-signature.ts';

/** Writes a whole message, with all fields that official SDKs call required. */
export function encodeResponse(response: CanonicalResponse, context: EncodeAnswerContext): JsonObject {
  const [choice] = response.choices;
  const showsThinking = context.request.reasoning?.display !== 'omitted';
  const content = (choice?.parts ?? []).flatMap((part) => encodePart(part, showsThinking));
  const hasCalls = content.some((block) => block.type === 'tool_use');
  return {
    ...messageFrame(response.id, context),
    content,
    ...wireStopOf(choice?.finish ?? { reason: 'stop' }, hasCalls),
    usage: wireUsageOf(response.usage ?? { inputUncached: context.estimatedInputTokens }, response.serviceTier),
  };
}

function encodePart(part: CanonicalPart, showsThinking: boolean): WireBlock[] {
  switch (part.type) {
    case 'text':
      return part.text === ''
        ? []
        : [{ type: 'text', text: part.text, citations: nativeCitations(part.citations) ?? null }];
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, citations: null }];
    case 'reasoning':
      if (part.redacted === true) return [{ type: 'redacted_thinking', data: writeSignature(part.signature) }];
      return encodeThinking(showsThinking ? part.text : '', part);
    case 'tool-call': {
      const input = part.kind === 'custom' ? { input: part.arguments } : toolInput(part.arguments);
      const call = { type: 'tool_use', id: part.id, name: part.name, input, caller: { type: 'direct' } } as const;
      return part.signature === undefined ? [call] : [...encodeThinking('', part), call];
    }
    // An upstream of another dialect has no blocks of Anthropic's own, and Messages has no other media in an answer.
    default:
      return [];
  }
}

function encodeThinking(
  thinking: string,
  { signature }: Pick<CanonicalPart & { type: 'reasoning' }, 'signature'>,
): WireBlock[] {
  if (thinking === '' && signature === undefined) return [];
  return [{ type: 'thinking', thinking, signature: writeSignature(signature) }];
}
