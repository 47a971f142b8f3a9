import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';

const CONTINUE: CanonicalPart = { type: 'text', text: 'Continue.' };

/**
 * Fits a conversation that ends with the beginning of the assistant's turn. A model that cannot go on from it is asked to
 * continue in the user's words (refused by a strict proxy); Claude's vendors take none that ends with whitespace or thinking.
 */
export function fitPrefill(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const { upstream, profile, warnings } = context;
  const trimmed = upstream === 'anthropic' || upstream === 'bedrock-converse' ? trimEnd(request) : request;
  const last = trimmed.turns.at(-1);
  if (last?.role !== 'assistant' || profile.prefill) return trimmed;
  warnings.add('converted', last.parts[0]?.path ?? callerName(request.dialect, 'turns'));
  return { ...trimmed, turns: [...trimmed.turns, { role: 'user', parts: [CONTINUE] }] };
}

function trimEnd(request: CanonicalRequest): CanonicalRequest {
  const last = request.turns.at(-1);
  if (last?.role !== 'assistant') return request;
  const parts = trimParts(last.parts);
  const before = request.turns.slice(0, -1);
  return { ...request, turns: parts.length === 0 ? before : [...before, { ...last, parts }] };
}

function trimParts(parts: readonly CanonicalPart[]): readonly CanonicalPart[] {
  const end = parts.findLastIndex((part) => !isBlank(part));
  const last = parts[end];
  if (last?.type !== 'text') return parts.slice(0, end + 1);
  return [...parts.slice(0, end), { ...last, text: last.text.trimEnd() }];
}

function isBlank(part: CanonicalPart): boolean {
  return part.type === 'reasoning' || (part.type === 'text' && part.text.trim() === '');
}
