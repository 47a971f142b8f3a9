import type { CacheMark, CanonicalPart, ReasoningPart, ToolResultPart } from '../canonical/canonical-part.ts';
import type { CanonicalTurn } from '../canonical/canonical-request.ts';
import type { Warnings } from '../canonical/warnings.ts';
import { argumentsObject } from '../gemini/arguments-object.ts';
import { MediaEncoder } from './encode-media.ts';
import type { BedrockBlock, BedrockCachePoint, BedrockMessage, BedrockToolResultContent } from './schema.ts';

/** What stands for a result without any content, which Bedrock refuses. */
const NO_OUTPUT = '(no output)';

/** The turns of a prepared request as Converse's messages. */
export function encodeMessages(turns: readonly CanonicalTurn[], warnings: Warnings): BedrockMessage[] {
  const encoder = new MessageEncoder(warnings);
  return turns.flatMap((turn) => encoder.encode(turn));
}

/** The cache point behind a marked part; none for an unmarked one. */
export function cachePoint(mark: CacheMark | undefined): BedrockCachePoint[] {
  if (!mark) return [];
  return [{ cachePoint: { type: 'default', ...(mark.ttl === '1h' && { ttl: '1h' as const }) } }];
}

class MessageEncoder {
  readonly #media = new MediaEncoder();
  readonly #warnings: Warnings;

  constructor(warnings: Warnings) {
    this.#warnings = warnings;
  }

  encode(turn: CanonicalTurn): BedrockMessage[] {
    const content = withTextBesideDocuments(turn.parts.flatMap((part) => this.#marked(part)));
    return content.length > 0 ? [{ role: turn.role === 'assistant' ? 'assistant' : 'user', content }] : [];
  }

  #marked(part: CanonicalPart): BedrockBlock[] {
    const blocks = this.#part(part);
    // A cache point behind nothing, or behind thoughts, is refused.
    return blocks.length === 0 || part.type === 'reasoning' ? blocks : [...blocks, ...cachePoint(part.cache)];
  }

  #part(part: CanonicalPart): BedrockBlock[] {
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text.trim() === '' ? [] : [{ text: part.text }];
      case 'image':
      case 'document':
      case 'audio':
        return [this.#media.encode(part)];
      case 'reasoning':
        return reasoning(part);
      case 'tool-call': {
        const input = argumentsObject(part, this.#warnings);
        return [{ toolUse: { toolUseId: part.id, name: part.name, input } }];
      }
      case 'tool-result':
        return [{ toolResult: this.#result(part) }];
      case 'opaque':
        return part.dialect === 'bedrock-converse' ? [part.value as BedrockBlock] : [];
    }
  }

  /** The status is told of failures only, since not every model knows it. */
  #result(part: ToolResultPart) {
    const content = part.parts.flatMap((item): BedrockToolResultContent[] => {
      if (item.type !== 'text') return [this.#media.encode(item)];
      return item.text.trim() === '' ? [] : [{ text: item.text }];
    });
    return {
      toolUseId: part.callId,
      content: content.length > 0 ? content : [{ text: NO_OUTPUT }],
      ...(part.isError && { status: 'error' as const }),
    };
  }
}

/** Thoughts go back only when they are signed. */
function reasoning({ text, signature, redacted }: ReasoningPart): BedrockBlock[] {
  if (!signature) return [];
  if (redacted) return [{ reasoningContent: { redactedContent: signature.value } }];
  return [{ reasoningContent: { reasoningText: { text, signature: signature.value } } }];
}

/** A message with a document but no text is refused. */
function withTextBesideDocuments(content: readonly BedrockBlock[]): readonly BedrockBlock[] {
  const names = content.flatMap((block) => ('document' in block ? [block.document.name] : []));
  if (names.length === 0 || content.some((block) => 'text' in block)) return content;
  return [...content, { text: `Attached: ${names.join(', ')}` }];
}
