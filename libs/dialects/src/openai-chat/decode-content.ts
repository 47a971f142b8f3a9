import { GatewayError } from '@penstock/contracts';
import type { CacheMark, CanonicalPart, MediaPart, RefusalPart, TextPart } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { sourceOfUrl } from './data-url.ts';
import { defined } from './defined.ts';
import { isJsonObject, textOf } from './json-values.ts';
import { RequestFields, wrongType } from './request-fields.ts';

type PartReader<Part extends CanonicalPart> = (part: RequestFields) => Part;
type Readers<Part extends CanonicalPart> = ReadonlyMap<string, PartReader<Part>>;

const AUDIO_TYPES: ReadonlyMap<string, string> = new Map([['mpeg', 'audio/mp3']]);
/** OpenAI takes nothing but PDF as a file, so that one without a type is one. */
const FILE_TYPE = 'application/pdf';

const TEXT: Readers<TextPart> = new Map([
  ['text', readText],
  // The names of the Responses API, which callers mix in and vLLM takes as well.
  ['input_text', readText],
  ['output_text', readText],
]);
const MEDIA: Readers<MediaPart> = new Map([
  ['image_url', readImage],
  ['input_audio', readAudio],
  ['file', readFile],
]);
const USER: Readers<TextPart | MediaPart> = new Map<string, PartReader<TextPart | MediaPart>>([...TEXT, ...MEDIA]);
const ASSISTANT: Readers<CanonicalPart> = new Map<string, PartReader<CanonicalPart>>([
  ...USER,
  ['refusal', readRefusal],
  ['thinking', readThinking],
]);

/** Content of system messages: text alone. */
export function decodeTextContent(message: RequestFields): readonly TextPart[] {
  return decodeContent(message, TEXT);
}

/** Content of users, and of tools, which OpenAI's types hold to text and many callers do not. */
export function decodeUserContent(message: RequestFields): readonly (TextPart | MediaPart)[] {
  return decodeContent(message, USER);
}

export function decodeAssistantContent(message: RequestFields): readonly CanonicalPart[] {
  return decodeContent(message, ASSISTANT);
}

function decodeContent<Part extends CanonicalPart>(
  message: RequestFields,
  readers: Readers<Part>,
): readonly (Part | TextPart)[] {
  const content = message.value('content');
  const path = message.pathOf('content');
  if (content === null) return [];
  if (typeof content === 'string')
    return [defined<TextPart>({ type: 'text', text: content, cache: cacheMark(message), path })];
  if (!Array.isArray(content)) return wrongType(path, 'string or array', content);
  return message.list('content').map((part) => {
    const type = part.requiredString('type');
    const reader = readers.get(type);
    if (reader) return reader(part);
    const text = `Content of type '${type}' cannot be used here.`;
    throw new GatewayError('unsupported_content', text, { param: part.path });
  });
}

function readText(part: RequestFields): TextPart {
  return defined<TextPart>({ type: 'text', text: part.requiredString('text'), ...marks(part) });
}

function readRefusal(part: RequestFields): RefusalPart {
  return { type: 'refusal', text: part.requiredString('refusal'), path: part.path };
}

/** Mistral's own answers, sent back to us as they came. */
function readThinking(part: RequestFields): CanonicalPart {
  return { type: 'reasoning', text: thinkingText(part.value('thinking')), path: part.path };
}

/** Text of a `thinking` chunk: pieces of text, or a string. */
export function thinkingText(value: Json): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((piece: Json) => (isJsonObject(piece) ? textOf(piece.text) : '')).join('');
}

function readImage(part: RequestFields): MediaPart {
  // Some callers write the URL where the object belongs; there is one way to read that.
  const bare = typeof part.value('image_url') === 'string';
  const image = bare ? part : RequestFields.of(part.object.image_url, part.pathOf('image_url'));
  const name = bare ? 'image_url' : 'url';
  const source = sourceOfUrl(image.requiredString(name), 'image/jpeg');
  if (source === null) return image.refuse(name, 'is not a data URL that can be read');
  return defined<MediaPart>({ type: 'image', source, detail: image.string('detail'), ...marks(part) });
}

function readAudio(part: RequestFields): MediaPart {
  const audio = RequestFields.of(part.object.input_audio, part.pathOf('input_audio'));
  const format = audio.requiredString('format').toLowerCase();
  const mediaType = AUDIO_TYPES.get(format) ?? `audio/${format}`;
  return defined<MediaPart>({
    type: 'audio',
    source: { kind: 'data', data: audio.requiredString('data'), mediaType },
    ...marks(part),
  });
}

function readFile(part: RequestFields): MediaPart {
  const file = RequestFields.of(part.object.file, part.pathOf('file'));
  const filename = file.string('filename');
  const id = file.string('file_id');
  if (id !== undefined) {
    const source = { kind: 'file-id', id, dialect: 'openai-chat' } as const;
    return defined<MediaPart>({ type: 'document', source, filename, ...marks(part) });
  }
  const data = file.requiredString('file_data');
  const source = /^(data|https?|gs):/i.test(data)
    ? sourceOfUrl(data, FILE_TYPE)
    : ({ kind: 'data', data, mediaType: typeOfName(filename) } as const);
  if (source === null) return file.refuse('file_data', 'is not a data URL that can be read');
  return defined<MediaPart>({ type: 'document', source, filename, ...marks(part) });
}

function typeOfName(filename: string | undefined): string {
  return /\.(?:txt|md|csv)$/i.test(filename ?? '') ? 'text/plain' : FILE_TYPE;
}

function marks(part: RequestFields): { readonly cache: CacheMark | undefined; readonly path: string } {
  return { cache: cacheMark(part), path: part.path };
}

/** OpenAI's breakpoint, or Anthropic's mark as other gateways let Chat callers write it. */
function cacheMark(holder: RequestFields): CacheMark | undefined {
  if (isJsonObject(holder.value('prompt_cache_breakpoint'))) return { ttl: '5m' };
  const control = holder.value('cache_control');
  return isJsonObject(control) ? { ttl: lifetimeOf(control) } : undefined;
}

function lifetimeOf({ ttl }: JsonObject): CacheMark['ttl'] {
  return ttl === '1h' || ttl === '30m' ? ttl : '5m';
}
