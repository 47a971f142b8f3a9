import { GatewayError } from '@penstock/contracts';
import type { MediaPart } from '../canonical/canonical-part.ts';
import type { GeminiMediaPart } from './schema.ts';

/** Names of types that callers use and Gemini does not know, and those it does. */
const CANONICAL_TYPES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  gif: 'image/gif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  'audio/mpeg': 'audio/mp3',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
  mp4: 'video/mp4',
};

/** Where Google keeps files that were uploaded to it. */
const FILES_ORIGIN = 'https://generativelanguage.googleapis.com/';

/**
 * Media as Gemini takes them: inline, or by an address that Google itself can read. Any other address is refused with
 * `unsupported_content`, since nothing here fetches what callers name. Text documents are no media and come as null.
 */
export function encodeMedia(part: MediaPart): GeminiMediaPart | null {
  const { source } = part;
  switch (source.kind) {
    case 'data':
      return { inlineData: { mimeType: canonicalType(source.mediaType), data: source.data } };
    case 'url':
      return { fileData: encodeFile(part, source.url, source.mediaType) };
    case 'file-id':
      if (source.dialect !== 'gemini')
        throw unsupported(part, 'A file of another provider cannot be read by this model.');
      return { fileData: { fileUri: source.id.includes('://') ? source.id : `${FILES_ORIGIN}v1beta/${source.id}` } };
    case 'text':
      return null;
  }
}

function encodeFile(
  part: MediaPart,
  url: string,
  mediaType: string | undefined,
): { mimeType?: string; fileUri: string } {
  const mimeType = mediaType === undefined ? typeOfExtension(url) : canonicalType(mediaType);
  const isStored = url.startsWith('gs://');
  if (!isStored && !url.startsWith(FILES_ORIGIN)) {
    throw unsupported(
      part,
      `The model that serves this request does not fetch ${part.type}s from URLs; send the data instead.`,
    );
  }
  if (mimeType === undefined && isStored) throw unsupported(part, 'The media type of this file is not known.');
  return mimeType === undefined ? { fileUri: url } : { mimeType, fileUri: url };
}

function canonicalType(mediaType: string): string {
  const type = mediaType.toLowerCase().split(';', 1)[0]?.trim() ?? '';
  return CANONICAL_TYPES[type] ?? type;
}

function typeOfExtension(url: string): string | undefined {
  const extension = /\.([a-z0-9]{1,5})(?:[?#]|$)/i.exec(url)?.[1];
  return extension === undefined ? undefined : CANONICAL_TYPES[extension.toLowerCase()];
}

function unsupported(part: MediaPart, message: string): GatewayError {
  return new GatewayError('unsupported_content', message, part.path === undefined ? {} : { param: part.path });
}
