import { decodeBase64 } from '../decode-media.ts';
import type { Asked, AskedToolChoice, ReceivedMedia } from '../turn/asked.ts';
import type { Json } from '../turn/sample-from-schema.ts';
import { asJson } from './schema-schema.ts';
import type { GenerateContentRequest, Part } from './schema.ts';

/** What a request asks for, in terms that all vendors share. */
export function readAsked(body: GenerateContentRequest, model: string, inputBytes: number): Asked {
  const { contents, generationConfig: config } = body;
  const words = contents.findLast(
    ({ role, parts }) => role !== 'model' && parts.some(({ text }) => text !== undefined),
  );
  const sinceAnswer = contents.slice(contents.findLastIndex(({ role }) => role === 'model') + 1);
  const declarations = (body.tools ?? []).flatMap(({ functionDeclarations }) => functionDeclarations ?? []);
  return {
    model,
    lastText: (words?.parts ?? []).flatMap(({ text }) => text ?? []).join('\n'),
    media: contents.flatMap(({ parts }) => parts.flatMap(mediaOf)),
    tools: declarations.map(({ name, parameters, parametersJsonSchema }) => ({
      name,
      schema: parameters ? asJson(parameters) : (parametersJsonSchema ?? null),
    })),
    toolChoice: choiceOf(body),
    parallelTools: true,
    results: sinceAnswer.flatMap(({ parts }) => parts.flatMap(resultText)),
    schema: schemaOf(config),
    mayReason: config?.thinkingConfig?.thinkingBudget !== 0,
    maxOutputTokens: config?.maxOutputTokens ?? null,
    stops: config?.stopSequences ?? [],
    inputBytes,
  };
}

function choiceOf({ toolConfig }: GenerateContentRequest): AskedToolChoice {
  const config = toolConfig?.functionCallingConfig;
  if (config?.mode === 'ANY') return { mode: 'forced', names: config.allowedFunctionNames ?? [] };
  return { mode: config?.mode === 'NONE' ? 'none' : 'auto' };
}

function schemaOf(config: GenerateContentRequest['generationConfig']): Json | null {
  if (config?.responseSchema) return asJson(config.responseSchema);
  if (config?.responseJsonSchema) return config.responseJsonSchema;
  return config?.responseMimeType === 'application/json' ? {} : null;
}

/** The output or error of a result; any other response as JSON. */
function resultText({ functionResponse }: Part): string[] {
  if (!functionResponse) return [];
  const { response } = functionResponse;
  const value = response['output'] ?? response['result'] ?? response['error'] ?? response;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [response['error'] === undefined ? text : `(error) ${text}`];
}

function mediaOf({ inlineData, fileData, functionResponse }: Part): ReceivedMedia[] {
  if (functionResponse) return (functionResponse.parts ?? []).flatMap(mediaOf);
  if (inlineData) {
    const { mimeType, data } = inlineData;
    return [{ kind: kindOf(mimeType), mimeType, bytes: decodeBase64(data), reference: null }];
  }
  if (!fileData) return [];
  const mimeType = fileData.mimeType ?? 'file';
  return [{ kind: kindOf(mimeType), mimeType, bytes: null, reference: fileData.fileUri }];
}

function kindOf(mimeType: string): ReceivedMedia['kind'] {
  if (mimeType.startsWith('image/')) return 'image';
  return mimeType.startsWith('audio/') ? 'audio' : 'document';
}
