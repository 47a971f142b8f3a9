import { GatewayError } from '@penstock/contracts';
import type { MediaPart, MediaSource } from '../canonical/canonical-part.ts';
import type { BedrockDocument, BedrockImage, BedrockSource } from './schema.ts';

const IMAGE_FORMATS: Readonly<Record<string, BedrockImage['format']>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/jpg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

const DOCUMENT_FORMATS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/markdown': 'md',
};

const EXTENSION = /\.([a-z0-9]{1,5})$/i;
const MAX_NAME_LENGTH = 200;

/** Writes media. Each document of a request needs a name of its own, so one encoder serves the whole request. */
export class MediaEncoder {
  readonly #names = new Set<string>();

  /** Throws `unsupported_content` for what Bedrock does not take: sound, addresses outside of S3, other formats. */
  encode(part: MediaPart): { readonly image: BedrockImage } | { readonly document: BedrockDocument } {
    if (part.type === 'audio') throw unsupported(part, 'The model that serves this request does not take audio.');
    if (part.type === 'document') return { document: this.#document(part) };
    const format = IMAGE_FORMATS[typeOf(part.source) ?? `image/${extensionOf(part)}`];
    if (!format)
      throw unsupported(part, 'The model that serves this request takes PNG, JPEG, GIF and WebP images only.');
    return { image: { format, source: sourceOf(part) } };
  }

  #document(part: MediaPart): BedrockDocument {
    const format = DOCUMENT_FORMATS[typeOf(part.source) ?? ''] ?? knownExtension(extensionOf(part));
    if (format === undefined)
      throw unsupported(part, 'The model that serves this request does not take documents of this type.');
    return { format, name: this.#uniqueName(part.filename), source: sourceOf(part) };
  }

  /** Only letters, digits, single blanks, hyphens, parentheses and square brackets may stand in a name. */
  #uniqueName(filename: string | undefined): string {
    const stem = (filename ?? '').replace(EXTENSION, '').replaceAll(/[^A-Za-z0-9\-()[\]]+/g, ' ');
    const name =
      stem
        .trim()
        .slice(0, MAX_NAME_LENGTH - 8)
        .trim() || 'document';
    let unique = name;
    for (let count = 2; this.#names.has(unique); count += 1) unique = `${name} ${count}`;
    this.#names.add(unique);
    return unique;
  }
}

function sourceOf(part: MediaPart): BedrockSource {
  const { source } = part;
  switch (source.kind) {
    case 'data':
      return { bytes: source.data };
    case 'text':
      return { bytes: Buffer.from(source.text).toString('base64') };
    case 'url':
      if (source.url.startsWith('s3://')) return { s3Location: { uri: source.url } };
      throw unsupported(
        part,
        `The model that serves this request does not fetch ${part.type}s from URLs; send the data instead.`,
      );
    case 'file-id':
      throw unsupported(part, 'A file of another provider cannot be read by this model.');
  }
}

function typeOf(source: MediaSource): string | undefined {
  if (source.kind === 'text') return 'text/plain';
  return source.kind === 'file-id' ? undefined : source.mediaType?.toLowerCase().split(';', 1)[0]?.trim();
}

function extensionOf(part: MediaPart): string {
  const name = part.source.kind === 'url' ? part.source.url : (part.filename ?? '');
  return EXTENSION.exec(name)?.[1]?.toLowerCase() ?? '';
}

function knownExtension(extension: string): string | undefined {
  return Object.values(DOCUMENT_FORMATS).includes(extension) ? extension : undefined;
}

function unsupported(part: MediaPart, message: string): GatewayError {
  return new GatewayError('unsupported_content', message, part.path === undefined ? {} : { param: part.path });
}
