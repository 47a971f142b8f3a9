import { GatewayError } from '@penstock/contracts';
import type { CacheMark, MediaPart, MediaSource } from '../canonical/canonical-part.ts';
import type { JsonObject } from '../canonical/json.ts';
import { objectField, pathOf, requiredString, stringField } from './request-fields.ts';

const DATA_URL = /^data:([^,]*),(.*)$/s;
const DEFAULT_TYPE = 'text/plain';
const PDF = 'application/pdf';

/** The mark for the prompt's cache on a content part. OpenAI keeps it for half an hour unless it is told 12 hours. */
export function cacheMark(part: JsonObject, at: string): { readonly cache?: CacheMark } {
  const mark = objectField(part, 'prompt_cache_breakpoint', at);
  return mark ? { cache: { ttl: mark['ttl'] === '12h' ? '1h' : '30m' } } : {};
}

export function decodeImage(part: JsonObject, at: string): MediaPart {
  const url = stringField(part, 'image_url', at);
  const fileId = stringField(part, 'file_id', at);
  const detail = stringField(part, 'detail', at);
  return {
    type: 'image',
    source: url === undefined ? fileSource(fileId, pathOf(at, 'image_url')) : urlSource(url, pathOf(at, 'image_url')),
    ...(detail !== undefined && { detail }),
    ...cacheMark(part, at),
    path: at,
  };
}

export function decodeFile(part: JsonObject, at: string): MediaPart {
  const filename = stringField(part, 'filename', at);
  return {
    type: 'document',
    source: decodeFileSource(part, filename, at),
    ...(filename !== undefined && { filename }),
    ...cacheMark(part, at),
    path: at,
  };
}

function decodeFileSource(part: JsonObject, filename: string | undefined, at: string): MediaSource {
  const data = stringField(part, 'file_data', at);
  if (data !== undefined) return textSource(dataSource(data, filename, pathOf(at, 'file_data')));
  const url = stringField(part, 'file_url', at);
  if (url !== undefined) return urlSource(url, pathOf(at, 'file_url'));
  return fileSource(stringField(part, 'file_id', at), pathOf(at, 'file_data'));
}

export function decodeAudio(part: JsonObject, at: string): MediaPart {
  const inner = pathOf(at, 'input_audio');
  const audio = objectField(part, 'input_audio', at) ?? {};
  const data = requiredString(audio, 'data', inner);
  const mediaType = requiredString(audio, 'format', inner) === 'mp3' ? 'audio/mpeg' : 'audio/wav';
  return { type: 'audio', source: { kind: 'data', data, mediaType }, path: at };
}

function fileSource(id: string | undefined, param: string): MediaSource {
  if (id) return { kind: 'file-id', id, dialect: 'openai-responses' };
  throw new GatewayError('missing_required_parameter', `Missing required parameter: '${param}'.`, { param });
}

function urlSource(url: string, param: string): MediaSource {
  return url.slice(0, 5).toLowerCase() === 'data:' ? dataUrlSource(url, param) : { kind: 'url', url };
}

/** A file's data is a data URL, or bare base64 whose type its name tells. */
function dataSource(data: string, filename: string | undefined, param: string): MediaSource {
  if (data.slice(0, 5).toLowerCase() === 'data:') return dataUrlSource(data, param);
  return { kind: 'data', data, mediaType: filename?.toLowerCase().endsWith('.txt') ? DEFAULT_TYPE : PDF };
}

function dataUrlSource(url: string, param: string): MediaSource {
  const match = DATA_URL.exec(url);
  if (!match) throw new GatewayError('invalid_request', `'${param}' is not a valid data URL.`, { param });
  const [, head = '', body = ''] = match;
  const isBase64 = /;\s*base64$/i.test(head);
  const mediaType = (head.split(';')[0]?.trim() || DEFAULT_TYPE).toLowerCase();
  return { kind: 'data', data: isBase64 ? body : percentDecoded(body, param), mediaType };
}

function percentDecoded(text: string, param: string): string {
  try {
    return Buffer.from(decodeURIComponent(text), 'utf8').toString('base64');
  } catch {
    throw new GatewayError('invalid_request', `'${param}' is not a valid data URL.`, { param });
  }
}

/** A document of plain text is text, which more models can read than a file. */
function textSource(source: MediaSource): MediaSource {
  if (source.kind !== 'data' || !source.mediaType.startsWith('text/')) return source;
  return { kind: 'text', text: Buffer.from(source.data, 'base64').toString('utf8') };
}
