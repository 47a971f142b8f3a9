import { type Dialect, GatewayError } from '@penstock/contracts';
import type { CanonicalPart, MediaPart, TextPart, ToolResultPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { mapParts } from './map-parts.ts';
import { canonicalMediaType } from './media-type.ts';
import { findMediaObstacle } from './find-media-obstacle.ts';

/** Dialects that have a part for a document of plain text; elsewhere it is told as text. */
const KNOWS_TEXT_DOCUMENTS: ReadonlySet<Dialect> = new Set<Dialect>(['anthropic', 'bedrock-converse']);

/**
 * Throws `unsupported_content` for the first picture, document or sound that the model cannot take, with its path. What is
 * left has canonical MIME types. Documents of plain text become text where the dialect has no part for them.
 */
export function fitMedia(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  return mapParts(request, (part) => [fitPart(part, request, context)]);
}

function fitPart(part: CanonicalPart, request: CanonicalRequest, context: PrepareContext): CanonicalPart {
  if (part.type === 'tool-result') return fitResult(part, request, context);
  return isMedia(part) ? fitMediaPart(part, request, context) : part;
}

function fitResult(result: ToolResultPart, request: CanonicalRequest, context: PrepareContext): ToolResultPart {
  const parts = result.parts.map((part) => {
    if (part.type === 'text') return part;
    // An item of a tool's result may be without a path of its own; the result's is the nearest.
    const path = part.path ?? result.path;
    return fitMediaPart(path === undefined ? part : { ...part, path }, request, context);
  });
  return { ...result, parts };
}

function isMedia(part: CanonicalPart): part is MediaPart {
  return part.type === 'image' || part.type === 'document' || part.type === 'audio';
}

function fitMediaPart(part: MediaPart, request: CanonicalRequest, context: PrepareContext): MediaPart | TextPart {
  const read = readText(withCanonicalType(part));
  if (read.source.kind === 'text' && !KNOWS_TEXT_DOCUMENTS.has(context.upstream))
    return tellDocument(read, read.source.text);
  const obstacle = findMediaObstacle(read, context);
  if (obstacle === null) return read;
  const param = part.path ?? callerName(request.dialect, 'turns');
  throw new GatewayError('unsupported_content', `${obstacle} with the model that serves this request.`, { param });
}

function withCanonicalType(part: MediaPart): MediaPart {
  const { source } = part;
  if (source.kind === 'data') {
    return { ...part, source: { ...source, mediaType: canonicalMediaType(source.mediaType) } };
  }
  if (source.kind !== 'url' || source.mediaType === undefined) return part;
  return { ...part, source: { ...source, mediaType: canonicalMediaType(source.mediaType) } };
}

/** A document that was uploaded as text is read: most vendors take only PDFs as data. */
function readText(part: MediaPart): MediaPart {
  const { source, type } = part;
  if (type !== 'document' || source.kind !== 'data' || !source.mediaType.startsWith('text/')) return part;
  return { ...part, source: { kind: 'text', text: Buffer.from(source.data, 'base64').toString('utf8') } };
}

function tellDocument({ filename, path, cache }: MediaPart, text: string): TextPart {
  const title = filename === undefined ? '' : `${filename}\n\n`;
  return { type: 'text', text: `${title}${text}`, ...(path !== undefined && { path }), ...(cache && { cache }) };
}
