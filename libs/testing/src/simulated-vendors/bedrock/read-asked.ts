import { decodeBase64 } from '../decode-media.ts';
import type { Asked, AskedToolChoice, ReceivedMedia } from '../turn/asked.ts';
import type { Json } from '../turn/sample-from-schema.ts';
import type { ContentBlock, ConverseRequest, Message } from './schema.ts';

/** What a request asks for, in terms that all vendors share. */
export function readAsked(body: ConverseRequest, model: string, inputBytes: number): Asked {
  const { messages, inferenceConfig: config, toolConfig } = body;
  const last = messages.findLast(({ role }) => role === 'user');
  return {
    model,
    lastText: (last?.content ?? []).flatMap(({ text }) => text ?? []).join('\n'),
    media: messages.flatMap(({ content }) => content.flatMap(mediaOf)),
    tools: (toolConfig?.tools ?? []).flatMap(({ toolSpec }) =>
      toolSpec ? [{ name: toolSpec.name, schema: toolSpec.inputSchema.json }] : [],
    ),
    toolChoice: choiceOf(body),
    parallelTools: true,
    results: resultsOf(messages.at(-1)),
    schema: schemaOf(body),
    mayReason: reasons(body),
    maxOutputTokens: config?.maxTokens ?? null,
    stops: config?.stopSequences ?? [],
    inputBytes,
  };
}

function choiceOf({ toolConfig }: ConverseRequest): AskedToolChoice {
  const choice = toolConfig?.toolChoice;
  if (choice && 'any' in choice) return { mode: 'forced', names: [] };
  return choice && 'tool' in choice ? { mode: 'forced', names: [choice.tool.name] } : { mode: 'auto' };
}

/** Claude's own switch, which Converse passes on. */
function reasons({ additionalModelRequestFields: fields }: ConverseRequest): boolean {
  const thinking = fields?.['thinking'] ?? fields?.['reasoning_config'];
  return thinking !== undefined && (thinking as { type?: string }).type !== 'disabled';
}

function schemaOf({ outputConfig }: ConverseRequest): Json | null {
  const text = outputConfig?.textFormat?.structure.jsonSchema.schema;
  return text === undefined ? null : (JSON.parse(text) as Json);
}

function resultsOf(message: Message | undefined): readonly string[] {
  return (message?.content ?? []).flatMap(({ toolResult }) => {
    if (!toolResult) return [];
    const texts = toolResult.content.flatMap(
      ({ text, json }) => text ?? (json === undefined ? [] : JSON.stringify(json)),
    );
    return [`${toolResult.status === 'error' ? '(error) ' : ''}${texts.join('\n')}`];
  });
}

function mediaOf({ image, document, toolResult }: ContentBlock): ReceivedMedia[] {
  if (toolResult) return toolResult.content.flatMap((block) => mediaOf(block as ContentBlock));
  if (image) return [mediaFrom('image', `image/${image.format}`, image.source)];
  if (!document) return [];
  return [mediaFrom('document', document.format ?? 'document', document.source)];
}

function mediaFrom(kind: 'image' | 'document', mimeType: string, source: object): ReceivedMedia {
  if ('bytes' in source) return { kind, mimeType, bytes: decodeBase64(String(source.bytes)), reference: null };
  if ('text' in source) return { kind, mimeType, bytes: Buffer.from(String(source.text)), reference: null };
  return { kind, mimeType, bytes: null, reference: JSON.stringify(source) };
}
