import { GatewayError } from '@penstock/contracts';
import type { MediaPart, MediaSource, TextPart } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { cacheMarkOf } from './cache-mark.ts';
import { given } from './given.ts';
import { isArray, isObject, missing, objectOf, requiredString, stringOf } from './read-fields.ts';

export function decodeImage(block: JsonObject, path: string): MediaPart {
  return { type: 'image', source: sourceOf(block, path), path, ...cacheMarkOf(block) };
}

/**
 * A document, and before it, as text, what the caller says about it (`context`). One that is made of blocks becomes a text
 * document, followed by its images.
 */
export function decodeDocument(block: JsonObject, path: string): (TextPart | MediaPart)[] {
  const title = stringOf(block['title'], `${path}.title`);
  const context = stringOf(block['context'], `${path}.context`);
  const before: TextPart[] = context ? [{ type: 'text', text: context, path }] : [];
  const named = { type: 'document', path, ...given('filename', title) } as const;
  const source = objectOf(block['source'], `${path}.source`);
  if (source?.['type'] === 'content') {
    const { text, images } = contentOf(source['content'], `${path}.source.content`);
    const document: MediaPart = { ...named, source: { kind: 'text', text }, ...cacheMarkOf(block) };
    return [...before, ...(text === '' ? [] : [document]), ...images];
  }
  return [...before, { ...named, source: sourceOf(block, path), ...cacheMarkOf(block) }];
}

function contentOf(content: Json | undefined, path: string): { text: string; images: MediaPart[] } {
  if (typeof content === 'string') return { text: content, images: [] };
  const texts: string[] = [];
  const images: MediaPart[] = [];
  for (const [index, block] of (isArray(content) ? content : missing(path)).entries()) {
    if (!isObject(block)) continue;
    if (block['type'] === 'image') images.push(decodeImage(block, `${path}[${index}]`));
    else texts.push(stringOf(block['text'], `${path}[${index}].text`) ?? '');
  }
  return { text: texts.join('\n'), images };
}

function sourceOf(block: JsonObject, path: string): MediaSource {
  const at = `${path}.source`;
  const source = objectOf(block['source'], at) ?? missing(at);
  switch (source['type']) {
    case 'base64':
      return {
        kind: 'data',
        data: requiredString(source['data'], `${at}.data`),
        mediaType: mediaTypeOf(requiredString(source['media_type'], `${at}.media_type`)),
      };
    case 'url': {
      const url = requiredString(source['url'], `${at}.url`);
      return block['type'] === 'document' ? { kind: 'url', url, mediaType: 'application/pdf' } : { kind: 'url', url };
    }
    case 'file':
      return { kind: 'file-id', id: requiredString(source['file_id'], `${at}.file_id`), dialect: 'anthropic' };
    case 'text':
      return { kind: 'text', text: requiredString(source['data'], `${at}.data`) };
    default:
      throw new GatewayError('unsupported_content', `'${at}.type' is not a source that is known here.`, {
        param: `${at}.type`,
      });
  }
}

/** A name that is widespread and wrong. */
function mediaTypeOf(type: string): string {
  return type === 'image/jpg' ? 'image/jpeg' : type;
}
