import { parseValue } from '@penstock/dialects';
import { isJsonObject } from './is-json-object.ts';

/**
 * Tokens of an image that is only referred to. The most that a vendor documents for one is 48,169 (OpenAI's gpt-4o-mini: 2833,
 * and 5667 for each of 8 tiles); Anthropic's take up to 4,784, Gemini's 258 for each tile.
 */
const TOKENS_PER_IMAGE = 49_000;
/** A document, film or recording that is only referred to may be as long as the largest context that vendors offer. */
const TOKENS_PER_FILE = 1_000_000;

const IMAGE_TYPES: ReadonlySet<unknown> = new Set(['image', 'image_url', 'input_image']);
const FILE_TYPES: ReadonlySet<unknown> = new Set([
  'document',
  'file',
  'input_file',
  'audio_url',
  'video_url',
  'container_upload',
]);
/** Keys under which a reference can stand, and an escape by which one of their letters could be hidden. */
const HINTS = ['"url"', '_url"', '_id"', 'Uri"', '_uri"', '\\u00'].map((text) => Buffer.from(text));
/** Members that hold a reference, or an object with one. */
const CARRIERS = ['source', 'url', 'image_url', 'audio_url', 'video_url', 'file', 'file_url', 'file_id'] as const;

/**
 * The most tokens of what a body names by URL or id and does not hold itself: its bytes say nothing of it. Of what stands in the
 * body as base64 the bytes are bound enough, and are counted with the others. Throws GatewayError for what is no JSON after all.
 */
export function referencedTokens(body: Buffer): number {
  if (!HINTS.some((hint) => body.includes(hint))) return 0;
  return tokensOf(parseValue(body.toString('utf8')));
}

function tokensOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + tokensOf(item), 0);
  if (!isJsonObject(value)) return 0;
  const own = ownTokens(value);
  if (own > 0) return own;
  return Object.values(value).reduce((sum: number, member) => sum + tokensOf(member), 0);
}

function ownTokens(part: Readonly<Record<string, unknown>>): number {
  const data = part['fileData'] ?? part['file_data'];
  if (isJsonObject(data))
    return isImageType(data['mimeType'] ?? data['mime_type']) ? TOKENS_PER_IMAGE : TOKENS_PER_FILE;
  const perPart = IMAGE_TYPES.has(part['type']) ? TOKENS_PER_IMAGE : FILE_TYPES.has(part['type']) ? TOKENS_PER_FILE : 0;
  return perPart > 0 && CARRIERS.some((name) => refers(part[name])) ? perPart : 0;
}

/** A URL that is not the data itself, or the id of a file. */
function refers(value: unknown): boolean {
  if (typeof value === 'string') return !/^data:/i.test(value);
  if (!isJsonObject(value)) return false;
  return ['url', 'file_id', 'file_url'].some((name) => refers(value[name]));
}

function isImageType(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('image/');
}
