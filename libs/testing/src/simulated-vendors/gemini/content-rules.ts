import { decodeBase64 } from '../decode-media.ts';
import { isMinted } from '../turn/signature-mint.ts';
import { brokenRule, brokenRules, type Violation } from '../violation.ts';
import { isThinkingFamily } from './model-family.ts';
import type { Content, Part } from './schema.ts';

/** Documented stand-ins for a signature that was lost. */
const sentinels: readonly string[] = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];

const dataFields = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
] as const;

const mediaTypes =
  /^(image\/(png|jpeg|webp|heic|heif)|application\/pdf|text\/[\w.+-]+|audio\/(x-)?(wav|mp3|mpeg|aiff|aac|ogg|flac|mp4|m4a)|video\/[\w.+-]+)$/;

/** Files that the API can fetch: not any page of the web. */
const fileUris = /^(gs:\/\/|https:\/\/generativelanguage\.googleapis\.com\/|https:\/\/(www\.)?youtu)/;

/** Rules for contents and their order. */
export function checkContents(contents: readonly Content[], family: string): readonly Violation[] {
  const violations: Violation[] = [];
  if (contents[0]?.role === 'model') {
    violations.push(brokenRule(['contents', 0], 'Please ensure that multiturn requests begin with a user turn.'));
  }
  for (const [index, content] of contents.entries()) {
    const path = ['contents', index, 'parts'];
    if (content.parts.length === 0)
      violations.push(brokenRule(path, '* GenerateContentRequest.contents: contents.parts must not be empty.'));
    violations.push(...content.parts.flatMap((part, position) => checkPart(part, [...path, position])));
    violations.push(...checkResponses(content, contents[index - 1], path, family));
  }
  return [...violations, ...checkCallsAnswered(contents), ...checkSignatures(contents, family)];
}

function checkPart(part: Part, path: (string | number)[]): Violation[] {
  const given = dataFields.filter((field) => part[field] !== undefined);
  const signature = part.thoughtSignature;
  return [
    ...brokenRules([
      [given.length === 0, path, "required oneof field 'data' must have one initialized field"],
      [given.length > 1, path, `oneof field 'data' is already set. Cannot set '${given[1] ?? ''}'`],
      [signature !== undefined && !isKnownSignature(signature), path, 'Corrupted thought signature.'],
      [part.fileData !== undefined && !fileUris.test(part.fileData.fileUri), path, 'Invalid or unsupported file uri.'],
    ]),
    ...checkBlob(part.inlineData, path),
    ...(part.functionResponse?.parts ?? []).flatMap(({ inlineData }) => checkBlob(inlineData, path)),
  ];
}

function checkBlob(blob: Part['inlineData'], path: (string | number)[]): Violation[] {
  if (!blob) return [];
  return brokenRules([
    [!mediaTypes.test(blob.mimeType), path, `Unsupported MIME type: ${blob.mimeType}`],
    [decodeBase64(blob.data) === null, path, 'Base64 decoding failed.'],
  ]);
}

function isKnownSignature(signature: string): boolean {
  return sentinels.includes(signature) || isMinted('gemini', signature, '');
}

/** Responses stand right behind their calls, as many as those, and (since Gemini 3) alone. */
function checkResponses(
  { parts }: Content,
  before: Content | undefined,
  path: (string | number)[],
  family: string,
): Violation[] {
  const responses = parts.flatMap(({ functionResponse }) => functionResponse ?? []);
  if (responses.length === 0) return [];
  const calls = callsIn(before);
  const violations: Violation[] = [];
  if (calls.length !== responses.length) {
    violations.push(
      brokenRule(
        path,
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      ),
    );
  }
  if (responses.some(({ name }, index) => calls[index] !== undefined && calls[index].name !== name)) {
    violations.push(brokenRule(path, 'function response name does not match the function call of its position.'));
  }
  if (responses.some(({ id }, index) => id !== undefined && calls[index]?.id !== undefined && calls[index].id !== id)) {
    violations.push(brokenRule(path, 'function response id does not match the function call of its position.'));
  }
  if (isThinkingFamily(family) && responses.length !== parts.length) {
    violations.push(brokenRule(path, 'Function response parts must not be mixed with other parts.'));
  }
  return violations;
}

function callsIn(content: Content | undefined): readonly NonNullable<Part['functionCall']>[] {
  return content?.role === 'model' ? content.parts.flatMap(({ functionCall }) => functionCall ?? []) : [];
}

/** After calls nothing but their responses may come. */
function checkCallsAnswered(contents: readonly Content[]): Violation[] {
  return contents.flatMap((content, index) => {
    const next = contents[index + 1];
    if (callsIn(content).length === 0 || next === undefined || next.parts.some((part) => part.functionResponse))
      return [];
    return [
      brokenRule(
        ['contents', index + 1],
        'Please ensure that function call turn comes immediately before a function response turn.',
      ),
    ];
  });
}

/** In the current turn, which began with the last words of the user, the first call of each step carries its signature. */
function checkSignatures(contents: readonly Content[], family: string): Violation[] {
  if (!isThinkingFamily(family)) return [];
  const start = contents.findLastIndex(
    ({ role, parts }) => role !== 'model' && !parts.some((part) => part.functionResponse),
  );
  return contents.flatMap((content, index) => {
    const position = content.parts.findIndex((part) => part.functionCall);
    const part = content.parts[position];
    if (index < start || !part?.functionCall || part.thoughtSignature !== undefined) return [];
    return [
      brokenRule(
        ['contents', index, 'parts', position],
        `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${part.functionCall.name}\`, position ${index + 1}.`,
      ),
    ];
  });
}
