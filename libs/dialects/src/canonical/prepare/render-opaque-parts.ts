import type { CanonicalPart, OpaquePart, TextPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { mapParts } from './map-parts.ts';
import { isJsonObject } from './schema/json-object.ts';

/** Removes what only another dialect has a word for, and reports it. A search result is told in words, a refusal likewise. */
export function renderOpaqueParts(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  return mapParts(request, (part) => render(part, request, context));
}

function render(
  part: CanonicalPart,
  request: CanonicalRequest,
  { upstream, warnings }: PrepareContext,
): readonly CanonicalPart[] {
  if (part.type === 'refusal' && !upstream.startsWith('openai')) return [{ ...part, type: 'text' }];
  if (part.type !== 'opaque' || part.dialect === upstream) return [part];
  const name = part.path ?? callerName(request.dialect, 'turns');
  const text = searchResultText(part);
  if (text === null) {
    warnings.add('dropped', name);
    return [];
  }
  warnings.note('converted', name);
  return [text];
}

/** Anthropic's `search_result` block; null for every other one. */
function searchResultText({ name, value, path, cache }: OpaquePart): TextPart | null {
  if (name !== 'search_result' || !isJsonObject(value)) return null;
  const content = Array.isArray(value['content']) ? (value['content'] as readonly Json[]) : [];
  const texts = content.filter(isJsonObject).map((block) => textOf(block, 'text'));
  const text = [`Source: ${textOf(value, 'source')}`, `Title: ${textOf(value, 'title')}`, ...texts].join('\n');
  return { type: 'text', text, ...(path !== undefined && { path }), ...(cache && { cache }) };
}

function textOf(object: JsonObject, field: string): string {
  const value = object[field];
  return typeof value === 'string' ? value : '';
}
