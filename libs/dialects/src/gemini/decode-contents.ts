import { GatewayError } from '@penstock/contracts';
import type { CanonicalPart, MediaPart, ToolResultPart } from '../canonical/canonical-part.ts';
import type { CanonicalTurn } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { objectOf, textOf } from './json-fields.ts';
import { joinPieces } from './join-pieces.ts';
import { openThoughtSignature } from './open-thought-signature.ts';
import { objectAt, objectsAt, stringAt } from './request-fields.ts';

/** Turns as `contents` has them. Calls without an id get one by their order, and results find theirs by name. */
export function decodeContents(contents: Json | undefined): CanonicalTurn[] {
  const reader = new ContentsReader();
  return joinPieces(
    objectsAt(contents, 'contents').map((content, index) => reader.turn(content, `contents[${index}]`)),
  );
}

class ContentsReader {
  #calls = 0;
  /** Calls that wait for their result, in order. */
  #open: { readonly id: string; readonly name: string }[] = [];

  turn(content: JsonObject, path: string): CanonicalTurn {
    const role = roleOf(content, path);
    const parts = objectsAt(content['parts'], `${path}.parts`);
    return { role, parts: parts.map((part, index) => this.#part(part, `${path}.parts[${index}]`)) };
  }

  #part(part: JsonObject, path: string): CanonicalPart {
    const call = objectAt(part['functionCall'], `${path}.functionCall`);
    if (call) return this.#call(call, signatureOf(part, path), path);
    const response = objectAt(part['functionResponse'], `${path}.functionResponse`);
    if (response) return this.#result(response, path);
    return decodePlainPart(part, path);
  }

  #call(call: JsonObject, signature: Signature | undefined, path: string): CanonicalPart {
    this.#calls += 1;
    const name = stringAt(call['name'], `${path}.functionCall.name`) ?? '';
    const id = textOf(call['id']) ?? `call${String(this.#calls).padStart(5, '0')}`;
    this.#open.push({ id, name });
    const text = JSON.stringify(objectOf(call['args']) ?? {});
    return { type: 'tool-call', id, name, arguments: text, kind: 'function', path, ...(signature && { signature }) };
  }

  #result(response: JsonObject, path: string): CanonicalPart {
    const name = stringAt(response['name'], `${path}.functionResponse.name`) ?? '';
    const id = textOf(response['id']);
    const at = this.#open.findIndex((call) => (id === undefined ? call.name === name : call.id === id));
    const [call] = at < 0 ? [] : this.#open.splice(at, 1);
    const media = objectsAt(response['parts'], `${path}.functionResponse.parts`).flatMap(
      (part, index) => decodeMedia(part, `${path}.functionResponse.parts[${index}]`) ?? [],
    );
    return resultPart(objectOf(response['response']) ?? {}, { callId: call?.id ?? id ?? name, name, path }, media);
  }
}

function resultPart(
  response: JsonObject,
  identity: Pick<ToolResultPart, 'callId'> & { readonly name: string; readonly path: string },
  media: readonly MediaPart[],
): ToolResultPart {
  const { output, error } = response;
  const isError = error !== undefined && output === undefined;
  const told = isError ? error : Object.keys(response).length === 1 ? (output ?? response) : response;
  const text = typeof told === 'string' ? told : JSON.stringify(told);
  return { type: 'tool-result', ...identity, parts: [{ type: 'text', text }, ...media], isError };
}

function roleOf(content: JsonObject, path: string): 'user' | 'assistant' {
  const role = stringAt(content['role'], `${path}.role`) ?? 'user';
  if (role === 'model') return 'assistant';
  if (role === 'user' || role === 'function' || role === '') return 'user';
  throw new GatewayError('invalid_request', `'${role}' is no role; use 'user' or 'model'.`, { param: `${path}.role` });
}

function decodePlainPart(part: JsonObject, path: string): CanonicalPart {
  const text = stringAt(part['text'], `${path}.text`);
  const signature = signatureOf(part, path);
  const signed = signature && { signature };
  if (text !== undefined && (part['thought'] === true || (text === '' && signature))) {
    return { type: 'reasoning', text, path, ...signed };
  }
  if (text !== undefined) return { type: 'text', text, path, ...signed };
  return (
    decodeMedia(part, path) ?? {
      type: 'opaque',
      dialect: 'gemini',
      name: Object.keys(part)[0] ?? 'part',
      value: part,
      path,
    }
  );
}

function signatureOf(part: JsonObject, path: string): Signature | undefined {
  const signature = stringAt(part['thoughtSignature'], `${path}.thoughtSignature`);
  return signature ? openThoughtSignature(signature) : undefined;
}

/** Null for what no other dialect takes, such as video. */
function decodeMedia(part: JsonObject, path: string): MediaPart | null {
  const inline = objectAt(part['inlineData'], `${path}.inlineData`);
  const file = objectAt(part['fileData'], `${path}.fileData`);
  const mediaType = stringAt((inline ?? file)?.['mimeType'], `${path}.mimeType`);
  const type = mediaTypeOf(mediaType);
  if (!type) return null;
  const data = stringAt(inline?.['data'], `${path}.inlineData.data`);
  if (data !== undefined && mediaType !== undefined) return { type, source: { kind: 'data', data, mediaType }, path };
  const url = stringAt(file?.['fileUri'], `${path}.fileData.fileUri`);
  return url === undefined
    ? null
    : { type, source: { kind: 'url', url, ...(mediaType !== undefined && { mediaType }) }, path };
}

function mediaTypeOf(mediaType: string | undefined): MediaPart['type'] | null {
  const family = mediaType?.split('/', 1)[0];
  if (family === 'image' || family === 'audio') return family;
  return family === 'text' || family === 'application' ? 'document' : null;
}
