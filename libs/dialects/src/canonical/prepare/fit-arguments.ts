import type { CanonicalPart, ToolCallPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { mapParts } from './map-parts.ts';

/**
 * Makes the arguments of earlier calls JSON objects where the dialect sends them as such: none become `{}`, another value is
 * wrapped as `{"value": ...}`, and what is no JSON as `{"_raw": "..."}`. What is an object already keeps its text.
 */
export function fitArguments(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  return mapParts(request, (part) => [fitPart(part, request, context)]);
}

function fitPart(
  part: CanonicalPart,
  request: CanonicalRequest,
  { upstream, warnings }: PrepareContext,
): CanonicalPart {
  if (part.type !== 'tool-call' || part.kind === 'custom') return part;
  if (part.arguments.trim() === '') return { ...part, arguments: '{}' };
  // OpenAI's dialects send the text as it is.
  if (upstream.startsWith('openai')) return part;
  const kind = kindOf(part);
  if (kind === 'object') return part;
  warnings.note('converted', part.path ?? callerName(request.dialect, 'turns'));
  if (kind === 'value') return { ...part, arguments: `{"value":${part.arguments}}` };
  return { ...part, arguments: JSON.stringify({ _raw: part.arguments }) };
}

function kindOf({ arguments: text }: ToolCallPart): 'object' | 'value' | 'none' {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'object' : 'value';
  } catch {
    return 'none';
  }
}
