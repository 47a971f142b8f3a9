import type { MediaSource } from '../canonical/canonical-part.ts';

/**
 * The source that a URL names: the data itself of a `data:` URL, else the address. Null when a `data:` URL cannot be read.
 * `fallbackType` is the media type of one that names none.
 */
export function sourceOfUrl(url: string, fallbackType: string): MediaSource | null {
  if (!/^data:/i.test(url)) return { kind: 'url', url };
  const comma = url.indexOf(',');
  if (comma < 0) return null;
  const [type = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64');
  const data = isBase64 ? url.slice(comma + 1) : encodePercentText(url.slice(comma + 1));
  return data === null ? null : { kind: 'data', data, mediaType: canonicalMediaType(type) || fallbackType };
}

/** Lower case, and without the one misspelling that everybody writes. */
export function canonicalMediaType(type: string): string {
  const lower = type.trim().toLowerCase();
  return lower === 'image/jpg' ? 'image/jpeg' : lower;
}

function encodePercentText(text: string): string | null {
  try {
    return Buffer.from(decodeURIComponent(text), 'utf8').toString('base64');
  } catch {
    // A percent sign without its digits: no data could be read, which null says.
    return null;
  }
}
