import { GatewayError } from '@penstock/contracts';
import type { Citation, MediaPart, RefusalPart, TextPart } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { readAnnotation } from './annotations.ts';
import { cacheMark, decodeAudio, decodeFile, decodeImage } from './decode-media.ts';
import { objectsOf } from './json-fields.ts';
import { arrayField, objectItem, pathOf, requiredString, stringField } from './request-fields.ts';

export type ContentPart = TextPart | RefusalPart | MediaPart;

type PartDecoder = (part: JsonObject, at: string) => ContentPart;

const PARTS: ReadonlyMap<string, PartDecoder> = new Map<string, PartDecoder>([
  ['input_text', decodeText],
  ['output_text', decodeText],
  ['text', decodeText],
  ['summary_text', decodeText],
  ['refusal', (part, at) => ({ type: 'refusal', text: stringField(part, 'refusal', at) ?? '', path: at })],
  ['input_image', decodeImage],
  ['input_file', decodeFile],
  ['input_audio', decodeAudio],
]);

/** The content of a message, or of a tool's output (`name` is the member's own): a string or typed parts. */
export function decodeContent(item: JsonObject, name: string, at: string): readonly ContentPart[] {
  const param = pathOf(at, name);
  const value = item[name];
  if (typeof value === 'string') return [{ type: 'text', text: value, path: param }];
  return (arrayField(item, name, at) ?? []).map((part, index) => decodePart(part, `${param}[${index}]`));
}

function decodePart(value: Json, at: string): ContentPart {
  const part = objectItem(value, at);
  const type = requiredString(part, 'type', at);
  const decode = PARTS.get(type);
  if (decode) return decode(part, at);
  throw new GatewayError('unsupported_content', `Content of type '${type.slice(0, 64)}' is not supported.`, {
    param: at,
  });
}

function decodeText(part: JsonObject, at: string): TextPart {
  const text = stringField(part, 'text', at) ?? '';
  const citations: readonly Citation[] = objectsOf(part['annotations']).map((annotation) =>
    readAnnotation(annotation, 0),
  );
  return { type: 'text', text, ...(citations.length > 0 && { citations }), ...cacheMark(part, at), path: at };
}
