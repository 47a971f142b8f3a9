import { GatewayError } from '@penstock/contracts';
import type { CanonicalPart, MediaPart, MediaSource, RefusalPart, TextPart } from '../canonical/canonical-part.ts';
import type { JsonObject } from '../canonical/json.ts';
import { defined } from './defined.ts';

/** Content of a message: plain text where that says it all, since not every server takes a list of parts. */
export function encodeContent(parts: readonly (TextPart | MediaPart | RefusalPart)[]): string | readonly JsonObject[] {
  const [only] = parts;
  if (parts.length === 1 && only?.type === 'text' && !only.cache) return only.text;
  return parts.map(encodePart);
}

/** Narrows to what content can hold. */
export function isContent(part: CanonicalPart): part is TextPart | MediaPart {
  return part.type === 'text' || part.type === 'image' || part.type === 'document' || part.type === 'audio';
}

export function encodePart(part: TextPart | MediaPart | RefusalPart): JsonObject {
  const mark = part.cache && { prompt_cache_breakpoint: { mode: 'explicit' } };
  return { ...encodeBare(part), ...mark };
}

function encodeBare(part: TextPart | MediaPart | RefusalPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'image':
      return { type: 'image_url', image_url: defined<JsonObject>({ url: urlOf(part), detail: part.detail }) };
    case 'audio':
      return { type: 'input_audio', input_audio: encodeAudio(part) };
    case 'document':
      return encodeDocument(part);
  }
}

function urlOf(part: MediaPart): string {
  const { source } = part;
  if (source.kind === 'url') return source.url;
  if (source.kind === 'data') return dataUrl(source);
  return unsupported(part);
}

function dataUrl({ data, mediaType }: Extract<MediaSource, { kind: 'data' }>): string {
  return `data:${mediaType};base64,${data}`;
}

/** `audio/wav` and its like; OpenAI knows `wav` and `mp3`. */
function encodeAudio(part: MediaPart): JsonObject {
  const { source } = part;
  if (source.kind !== 'data') return unsupported(part);
  const subtype = source.mediaType.replace(/^audio\/(?:x-)?/, '');
  const format = subtype === 'mpeg' ? 'mp3' : subtype === 'wave' ? 'wav' : subtype;
  return { data: source.data, format };
}

function encodeDocument(part: MediaPart): JsonObject {
  const { source, filename } = part;
  if (source.kind === 'text') return { type: 'text', text: filename ? `${filename}\n\n${source.text}` : source.text };
  if (source.kind === 'file-id') return { type: 'file', file: { file_id: source.id } };
  // There is no word for a file at an address.
  if (source.kind === 'url') return unsupported(part);
  return { type: 'file', file: { filename: filename ?? 'document.pdf', file_data: dataUrl(source) } };
}

function unsupported(part: MediaPart): never {
  const message = `This ${part.type} cannot be sent to the model that serves this request.`;
  throw new GatewayError('unsupported_content', message, part.path === undefined ? {} : { param: part.path });
}
