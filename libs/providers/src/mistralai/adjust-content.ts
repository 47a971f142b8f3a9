import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject } from '@penstock/dialects';
import { isJsonObject } from '../chat-body/is-json-object.ts';

/** The content of a message with the parts that Mistral knows, each with the fields that it knows. */
export function adjustContent(content: Json | undefined, path: string): Json | undefined {
  if (!Array.isArray(content)) return content;
  return (content as readonly Json[]).map((part, index) => adjustPart(part, `${path}[${index}]`));
}

function adjustPart(part: Json, path: string): Json {
  if (!isJsonObject(part)) return part;
  const { type } = part;
  switch (type) {
    case 'text':
      return { type, text: part['text'] };
    case 'refusal':
      return { type: 'text', text: part['refusal'] };
    case 'image_url':
      return { type, image_url: part['image_url'] };
    case 'input_audio':
      return { type, input_audio: audioOf(part['input_audio']) };
    case 'file':
      return fileOf(part, path);
    case 'document_url':
    case 'reference':
    case 'thinking':
      return part;
    default:
      throw unsupported(path, `The model cannot take content of type ${JSON.stringify(type)}.`);
  }
}

/** OpenAI gives data and format, Mistral takes the bare data or an address. */
function audioOf(audio: Json | undefined): Json | undefined {
  return isJsonObject(audio) ? audio['data'] : audio;
}

function fileOf(part: JsonObject, path: string): JsonObject {
  const { file } = part;
  if (!isJsonObject(file)) return { type: 'file', file_id: part['file_id'] };
  const { file_data: data, filename } = file;
  if (typeof data !== 'string')
    throw unsupported(path, 'A file must be given with its data: ids of files belong to one account.');
  return { type: 'document_url', document_url: data, ...(typeof filename === 'string' && { document_name: filename }) };
}

function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported_content', message, { param });
}
