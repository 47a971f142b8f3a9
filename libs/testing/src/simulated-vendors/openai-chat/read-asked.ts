import { decodeBase64, mediaFromUrl } from '../decode-media.ts';
import type { Asked, AskedToolChoice, OfferedTool, ReceivedMedia } from '../turn/asked.ts';
import type { Json } from '../turn/sample-from-schema.ts';
import type { Message, UserPart } from './message-schema.ts';
import type { ChatRequest } from './schema.ts';

/** What a request asks for, in terms that all vendors share. */
export function readAsked(body: ChatRequest, model: string, inputBytes: number): Asked {
  const { messages } = body;
  const sinceAnswer = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  return {
    model,
    lastText: textOf(messages.findLast(({ role }) => role === 'user')),
    media: messages.flatMap((message) =>
      message.role === 'user' && typeof message.content === 'object' ? message.content.flatMap(mediaOf) : [],
    ),
    tools: offeredTools(body),
    toolChoice: choiceOf(body),
    parallelTools: body.parallel_tool_calls !== false,
    results: sinceAnswer.filter(({ role }) => role === 'tool' || role === 'function').map(textOf),
    schema: schemaOf(body),
    mayReason: body.reasoning_effort !== 'none',
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    stops: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []),
    inputBytes,
  };
}

function offeredTools({ tools = [], functions = [] }: ChatRequest): OfferedTool[] {
  const declared = tools.map((tool): OfferedTool => {
    if (tool.type === 'function') return { name: tool.function.name, schema: tool.function.parameters ?? null };
    return { name: tool.custom.name, schema: { type: 'object', properties: { input: { type: 'string' } } } };
  });
  return [...declared, ...functions.map(({ name, parameters }) => ({ name, schema: parameters ?? null }))];
}

function choiceOf({ tool_choice: choice = 'auto' }: ChatRequest): AskedToolChoice {
  if (choice === 'required') return { mode: 'forced', names: [] };
  if (typeof choice === 'string') return { mode: choice };
  if (choice.type === 'function') return { mode: 'forced', names: [choice.function.name] };
  if (choice.type === 'custom') return { mode: 'forced', names: [choice.custom.name] };
  if (choice.allowed_tools.mode === 'auto') return { mode: 'auto' };
  const names = choice.allowed_tools.tools.map(
    (tool) => (tool['function'] as { name?: string } | undefined)?.name ?? '',
  );
  return { mode: 'forced', names };
}

function schemaOf({ response_format: format }: ChatRequest): Json | null {
  if (format?.type === 'json_schema') return format.json_schema.schema ?? {};
  return format?.type === 'json_object' ? {} : null;
}

function textOf(message: Message | undefined): string {
  const content = message?.content ?? '';
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function mediaOf(part: UserPart): ReceivedMedia[] {
  if (part.type === 'image_url') return [mediaFromUrl('image', part.image_url.url)];
  if (part.type === 'input_audio') {
    const { data, format } = part.input_audio;
    return [{ kind: 'audio', mimeType: `audio/${format}`, bytes: decodeBase64(data), reference: null }];
  }
  if (part.type !== 'file') return [];
  const { file_data: data, file_id: id } = part.file;
  return [
    data === undefined
      ? { kind: 'document', mimeType: 'file', bytes: null, reference: id ?? '' }
      : mediaFromUrl('document', data),
  ];
}
