import type { ReceivedMedia } from './turn/asked.ts';

/** The media type and the bytes of a `data:` URL in base64; null for other URLs. */
export function readDataUrl(url: string): { readonly mimeType: string; readonly bytes: Buffer } | null {
  const match = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w-]+=[^;,]*)*;base64,([\s\S]*)$/.exec(url);
  if (!match) return null;
  const bytes = decodeBase64(match[2] ?? '');
  return bytes && { mimeType: match[1] ?? '', bytes };
}

/** The bytes of base64 text; null when it is something else. */
export function decodeBase64(text: string): Buffer | null {
  if (text === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  return Buffer.from(text, 'base64');
}

/** Media behind a URL, whether its bytes are in it or not. */
export function mediaFromUrl(kind: ReceivedMedia['kind'], url: string): ReceivedMedia {
  const data = readDataUrl(url);
  if (data) return { kind, ...data, reference: null };
  return { kind, mimeType: 'url', bytes: null, reference: url };
}
