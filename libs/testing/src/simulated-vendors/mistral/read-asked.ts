import { decodeBase64, mediaFromUrl } from '../decode-media.ts';
import type { Asked, AskedToolChoice, ReceivedMedia } from '../turn/asked.ts';
import type { Json } from '../turn/sample-from-schema.ts';
import type { ChatRequest, ContentChunk, FimRequest, Message } from './schema.ts';

/** What a chat request asks for, in terms that all vendors share. */
export function readAsked(body: ChatRequest, inputBytes: number): Asked {
  const { messages } = body;
  const sinceAnswer = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  return {
    ...common(body, inputBytes),
    lastText: textOf(messages.findLast(({ role }) => role === 'user')),
    media: messages.flatMap(({ content }) =>
      typeof content === 'object' && content !== null ? content.flatMap(mediaOf) : [],
    ),
    tools: (body.tools ?? []).map((tool) => ({ name: tool.function.name, schema: tool.function.parameters })),
    toolChoice: choiceOf(body),
    parallelTools: body.parallel_tool_calls !== false,
    results: sinceAnswer.filter(({ role }) => role === 'tool').map(textOf),
    schema: schemaOf(body),
    mayReason: body.reasoning_effort !== 'none',
  };
}

/** What a request to fill in the middle asks for. */
export function readFim(body: FimRequest, inputBytes: number): Asked {
  return {
    ...common(body, inputBytes),
    lastText: `${body.prompt}${body.suffix ?? ''}`,
    media: [],
    tools: [],
    toolChoice: { mode: 'none' },
    parallelTools: false,
    results: [],
    schema: null,
    mayReason: false,
  };
}

function common(body: ChatRequest | FimRequest, inputBytes: number) {
  const stops = typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []);
  return { model: body.model, maxOutputTokens: body.max_tokens ?? null, stops, inputBytes };
}

function choiceOf({ tool_choice: choice = 'auto' }: ChatRequest): AskedToolChoice {
  if (choice === 'any' || choice === 'required') return { mode: 'forced', names: [] };
  return typeof choice === 'string' ? { mode: choice } : { mode: 'forced', names: [choice.function.name] };
}

function schemaOf({ response_format: format }: ChatRequest): Json | null {
  if (format?.type === 'json_schema') return format.json_schema?.schema ?? {};
  return format?.type === 'json_object' ? {} : null;
}

function textOf(message: Message | undefined): string {
  const content = message?.content ?? '';
  if (typeof content === 'string') return content;
  return content.flatMap((chunk) => (chunk.type === 'text' ? [chunk.text] : [])).join('\n');
}

function mediaOf(chunk: ContentChunk): ReceivedMedia[] {
  if (chunk.type === 'image_url') {
    return [mediaFromUrl('image', typeof chunk.image_url === 'string' ? chunk.image_url : chunk.image_url.url)];
  }
  if (chunk.type === 'document_url') return [mediaFromUrl('document', chunk.document_url)];
  if (chunk.type !== 'input_audio') return [];
  const bytes = decodeBase64(chunk.input_audio);
  return [{ kind: 'audio', mimeType: 'audio', bytes, reference: bytes === null ? chunk.input_audio : null }];
}
