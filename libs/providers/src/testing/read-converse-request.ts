import type {
  CanonicalPart,
  CanonicalRequest,
  CanonicalTool,
  Json,
  JsonObject,
  TextPart,
  ToolChoice,
} from '@penstock/dialects';

const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonObject[]) : [];
const objectOf = (value: Json | undefined): JsonObject => (value ?? {}) as JsonObject;
const textOf = (value: Json | undefined): string => value as string;
const given = (name: string, value: unknown): object => (value === undefined ? {} : { [name]: value });

/**
 * What a body of Bedrock's Converse says. Nobody calls the gateway in this dialect, so that its codec cannot read requests; this
 * reader knows the API's own form alone and throws at anything else.
 */
export function readConverseRequest(body: JsonObject): CanonicalRequest {
  const inference = objectOf(body['inferenceConfig']);
  const fields = objectOf(body['additionalModelRequestFields']);
  const { tools, toolChoice } = objectOf(body['toolConfig']);
  const effort = objectOf(fields['output_config'])['effort'];
  return {
    dialect: 'bedrock-converse',
    model: 'm',
    stream: false,
    includeUsage: false,
    system: objectsOf(body['system']).map(({ text }) => ({ type: 'text', text: textOf(text), origin: 'system' })),
    turns: objectsOf(body['messages']).map(({ role, content }) => ({
      role: role === 'assistant' ? 'assistant' : 'user',
      parts: objectsOf(content).map(readBlock),
    })),
    tools: objectsOf(tools).map(({ toolSpec }) => readTool(objectOf(toolSpec))),
    ...given('toolChoice', toolChoice && readToolChoice(objectOf(toolChoice))),
    ...given('maxOutputTokens', inference['maxTokens']),
    ...given('temperature', inference['temperature']),
    ...given('topP', inference['topP']),
    ...given('topK', fields['top_k']),
    ...given('stop', inference['stopSequences']),
    ...given('serviceTier', body['serviceTier'] && objectOf(body['serviceTier'])['type']),
    ...given('metadata', body['requestMetadata']),
    ...given('reasoning', effort && { effort }),
    output: readOutput(body['outputConfig']),
    extra: {},
    answer: {},
  };
}

function readBlock(block: JsonObject): CanonicalPart {
  const [[type, value] = ['', undefined]] = Object.entries(block);
  const fields = objectOf(value);
  switch (type) {
    case 'reasoningContent': {
      const { text, signature } = objectOf(fields['reasoningText']);
      const origin = { dialect: 'bedrock-converse', modelGroup: '*' } as const;
      return { type: 'reasoning', text: textOf(text), signature: { ...origin, value: textOf(signature) } };
    }
    case 'toolUse': {
      const [id, name] = [textOf(fields['toolUseId']), textOf(fields['name'])];
      return { type: 'tool-call', kind: 'function', id, name, arguments: JSON.stringify(fields['input']) };
    }
    case 'toolResult': {
      const parts = objectsOf(fields['content']).map(readContent);
      return { type: 'tool-result', callId: textOf(fields['toolUseId']), isError: fields['status'] === 'error', parts };
    }
    default:
      return readContent(block);
  }
}

const MEDIA_TYPES: Readonly<Record<string, string>> = { png: 'image/png', pdf: 'application/pdf' };

function readContent({
  text,
  image,
  document,
}: JsonObject): TextPart | Extract<CanonicalPart, { readonly source: unknown }> {
  if (text !== undefined) return { type: 'text', text: textOf(text) };
  const { format, name, source } = objectOf(image ?? document);
  const mediaType = MEDIA_TYPES[textOf(format)];
  if (mediaType === undefined) throw new Error(`no content of Converse: ${JSON.stringify(format)}`);
  const data = { kind: 'data', data: textOf(objectOf(source)['bytes']), mediaType } as const;
  return image ? { type: 'image', source: data } : { type: 'document', source: data, filename: textOf(name) };
}

function readTool({ name, description, inputSchema, strict }: JsonObject): CanonicalTool {
  const parameters = objectOf(objectOf(inputSchema)['json']);
  return {
    kind: 'function',
    name: textOf(name),
    parameters,
    ...given('description', description),
    ...given('strict', strict),
  };
}

function readToolChoice({ auto, any, tool }: JsonObject): ToolChoice {
  if (tool !== undefined) return { mode: 'named', name: textOf(objectOf(tool)['name']) };
  if (auto === undefined && any === undefined) throw new Error('no choice of Converse');
  return { mode: any === undefined ? 'auto' : 'required' };
}

function readOutput(config: Json | undefined): CanonicalRequest['output'] {
  if (config === undefined) return { kind: 'text' };
  const { schema, name, description } = objectOf(
    objectOf(objectOf(objectOf(config)['textFormat'])['structure'])['jsonSchema'],
  );
  return {
    kind: 'schema',
    schema: JSON.parse(textOf(schema)) as JsonObject,
    ...given('name', name),
    ...given('description', description),
  };
}
