import type { CanonicalPart, MediaPart, ToolCallPart, ToolResultPart } from '../canonical/canonical-part.ts';
import type { CanonicalTurn } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { argumentsObject } from './arguments-object.ts';
import { encodeMedia } from './encode-media.ts';
import type { GeminiContent, GeminiMediaPart, GeminiPart } from './schema.ts';

/** The turns of a prepared request as Gemini's contents. Never none: a conversation of system texts alone gets a blank turn. */
export function encodeContents(turns: readonly CanonicalTurn[], context: EncodeRequestContext): GeminiContent[] {
  const names = namesOfCalls(turns);
  const contents = turns.flatMap((turn) =>
    turn.role === 'assistant' ? modelContent(turn, context) : userContents(turn, names),
  );
  return contents.length > 0 ? contents : [{ role: 'user', parts: [{ text: ' ' }] }];
}

/** The answers of functions stand in a content of their own: Gemini 3 refuses siblings. */
function userContents(turn: CanonicalTurn, names: ReadonlyMap<string, string>): GeminiContent[] {
  const answers: GeminiPart[] = [];
  const rest: GeminiPart[] = [];
  for (const part of turn.parts) {
    if (part.type === 'tool-result') answers.push({ functionResponse: functionResponse(part, names) });
    else rest.push(...encodePart(part));
  }
  return [answers, rest].filter((parts) => parts.length > 0).map((parts) => ({ role: 'user', parts }));
}

function modelContent(turn: CanonicalTurn, context: EncodeRequestContext): GeminiContent[] {
  const parts = turn.parts.flatMap((part) =>
    part.type === 'tool-call' ? functionCall(part, context) : encodePart(part),
  );
  return parts.length > 0 ? [{ role: 'model', parts }] : [];
}

/** No id is written: Vertex refuses it, and Gemini matches answers by their order. */
function functionCall(call: ToolCallPart, context: EncodeRequestContext): GeminiPart {
  const args = argumentsObject(call, context.warnings);
  return { functionCall: { name: call.name, args }, ...signed(call.signature) };
}

function functionResponse(result: ToolResultPart, names: ReadonlyMap<string, string>) {
  const told = result.parts.flatMap(textOfPart).join('\n');
  const attached: GeminiMediaPart[] = result.parts.flatMap((part) =>
    part.type === 'text' ? [] : (encodeMedia(part) ?? []),
  );
  // The text goes as it is, JSON or not: a model that edits a file must see every blank of it.
  const response: JsonObject = result.isError ? { error: told } : { output: told };
  return {
    name: names.get(result.callId) ?? result.name ?? result.callId,
    response,
    ...(attached.length > 0 && { parts: attached }),
  };
}

function textOfPart(part: ToolResultPart['parts'][number]): string[] {
  if (part.type === 'text') return [part.text];
  return part.source.kind === 'text' ? [part.source.text] : [];
}

/** Everything but calls and their results. What Gemini has no word for is left out; `prepareRequest` has reported it. */
function encodePart(part: CanonicalPart): GeminiPart[] {
  switch (part.type) {
    case 'text':
      return text(part.text, part.signature);
    case 'refusal':
      return text(part.text, undefined);
    case 'image':
    case 'document':
    case 'audio':
      return media(part);
    case 'reasoning':
      return reasoning(part.text, part.signature);
    case 'opaque':
      return part.dialect === 'gemini' ? [part.value as GeminiPart] : [];
    case 'tool-call':
    case 'tool-result':
      return [];
  }
}

/** Thoughts go back only when they are signed. A signature alone goes back as it came: on a part with no text. */
function reasoning(thoughts: string, signature: Signature | undefined): GeminiPart[] {
  if (!signature) return [];
  return [
    thoughts === '' ? { text: '', ...signed(signature) } : { text: thoughts, thought: true, ...signed(signature) },
  ];
}

function text(content: string, signature: Signature | undefined): GeminiPart[] {
  return content === '' ? [] : [{ text: content, ...signed(signature) }];
}

/** Documents that are plain text go as such, beneath their name. */
function media(part: MediaPart): GeminiPart[] {
  const { source, filename } = part;
  if (source.kind !== 'text') return [{ ...encodeMedia(part) }];
  return text(filename === undefined ? source.text : `${filename}\n${source.text}`, undefined);
}

function signed(signature: Signature | undefined): GeminiPart {
  return signature ? { thoughtSignature: signature.value } : {};
}

/** Callers that speak OpenAI's dialect name a tool in the call only. */
function namesOfCalls(turns: readonly CanonicalTurn[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { parts } of turns) {
    for (const part of parts) if (part.type === 'tool-call') names.set(part.id, part.name);
  }
  return names;
}
