import { GatewayError } from '@penstock/contracts';
import type { CanonicalPart, MediaPart, TextPart } from '../canonical/canonical-part.ts';
import type { JsonObject } from '../canonical/json.ts';
import { present } from './json-fields.ts';

/** OpenAI decides how long it keeps what is marked. */
const marked = (part: CanonicalPart): JsonObject =>
  part.cache ? { prompt_cache_breakpoint: { mode: 'explicit' } } : {};

/** A part of what is said to the model. Throws GatewayError for what this dialect has no word for. */
export function encodeInputPart(part: CanonicalPart): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return encodeInputText(part.text, marked(part));
    case 'image':
      return { ...encodeImage(part), ...marked(part) };
    case 'document':
      return { ...encodeDocument(part), ...marked(part) };
    default:
      return unsupported(part);
  }
}

function encodeInputText(text: string, marks: JsonObject = {}): JsonObject {
  return { type: 'input_text', text, ...marks };
}

function encodeImage(part: MediaPart): JsonObject {
  const { source } = part;
  const image = { type: 'input_image', detail: part.detail ?? 'auto' };
  if (source.kind === 'data') return { ...image, image_url: `data:${source.mediaType};base64,${source.data}` };
  if (source.kind === 'url') return { ...image, image_url: source.url };
  if (source.kind === 'file-id' && isOpenAi(source.dialect)) return { ...image, file_id: source.id };
  return unsupported(part);
}

function encodeDocument(part: MediaPart): JsonObject {
  const { source, filename } = part;
  switch (source.kind) {
    case 'text':
      return encodeInputText(filename === undefined ? source.text : `${filename}\n\n${source.text}`);
    case 'url':
      return { type: 'input_file', file_url: source.url };
    case 'file-id':
      return isOpenAi(source.dialect) ? { type: 'input_file', file_id: source.id } : unsupported(part);
    default:
      return {
        type: 'input_file',
        // Data without a name is refused.
        filename: filename ?? (source.mediaType === 'application/pdf' ? 'document.pdf' : 'document'),
        file_data: `data:${source.mediaType};base64,${source.data}`,
      };
  }
}

const isOpenAi = (dialect: string): boolean => dialect.startsWith('openai');

/** A part of what the model said. */
export function encodeOutputPart(part: CanonicalPart): JsonObject {
  if (part.type === 'refusal') return { type: 'refusal', refusal: part.text };
  if (part.type === 'text') return { type: 'output_text', text: part.text, annotations: ownAnnotations(part) };
  return unsupported(part);
}

function ownAnnotations({ citations = [] }: TextPart): readonly JsonObject[] {
  return citations.flatMap(({ native }) =>
    native?.dialect === 'openai-responses' ? [present(native.value as JsonObject)] : [],
  );
}

/** What a tool gave back: text as a string, and parts where there is more than text. */
export function encodeToolOutput(
  parts: readonly (TextPart | MediaPart)[],
  isError: boolean,
): string | readonly JsonObject[] {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (texts.length < parts.length) return parts.map((part) => encodeInputPart(part));
  const text = texts.join('\n');
  return text === '' && isError ? 'Error' : text;
}

function unsupported(part: CanonicalPart): never {
  const message = `The Responses API cannot take ${part.type} content of this kind here.`;
  throw new GatewayError('unsupported_content', message, part.path === undefined ? {} : { param: part.path });
}
