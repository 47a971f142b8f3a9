import type { Citation } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { thinkingText } from './decode-content.ts';
import { objectsOf, textOf } from './json-values.ts';

/** What the content of an answer is made of. */
export type ContentPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'citation'; readonly citation: Citation };

/** Content as text, or as the list of chunks that Mistral writes; what is empty is left out. */
export function readContentPieces(content: Json | undefined): readonly ContentPiece[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return objectsOf(content).flatMap(readPiece);
}

function readPiece(chunk: JsonObject): readonly ContentPiece[] {
  if (chunk.type === 'reference') {
    return [{ kind: 'citation', citation: { native: { dialect: 'openai-chat', value: chunk } } }];
  }
  const kind = chunk.type === 'thinking' ? 'reasoning' : 'text';
  const text = kind === 'reasoning' ? thinkingText(chunk.thinking ?? null) : textOf(chunk.text);
  return text === '' ? [] : [{ kind, text }];
}
