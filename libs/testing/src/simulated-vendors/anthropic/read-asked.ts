import { decodeBase64 } from '../decode-media.ts';
import type { Asked, AskedToolChoice, ReceivedMedia } from '../turn/asked.ts';
import type { ContentBlock } from './content-schema.ts';
import type { MessagesRequest } from './schema.ts';

/** What a request asks for, in terms that all vendors share. */
export function readAsked(body: MessagesRequest, inputBytes: number): Asked {
  const blocks = body.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const sinceAnswer = body.messages.slice(body.messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  return {
    model: body.model,
    lastText: textOf(body.messages.findLast(({ role }) => role === 'user')?.content ?? ''),
    media: blocks.flatMap((block) =>
      block.type === 'tool_result' && typeof block.content === 'object' ? mediaOf(block.content) : mediaOf([block]),
    ),
    tools: (body.tools ?? []).flatMap((tool) =>
      'input_schema' in tool && tool.name ? [{ name: tool.name, schema: tool.input_schema as never }] : [],
    ),
    toolChoice: choiceOf(body),
    parallelTools: !(
      body.tool_choice &&
      'disable_parallel_tool_use' in body.tool_choice &&
      body.tool_choice.disable_parallel_tool_use
    ),
    results: sinceAnswer.flatMap(({ content }) => (typeof content === 'string' ? [] : content.flatMap(resultText))),
    schema: body.output_config?.format?.schema ?? null,
    mayReason: body.thinking !== undefined && body.thinking.type !== 'disabled',
    maxOutputTokens: body.max_tokens,
    stops: body.stop_sequences ?? [],
    inputBytes,
  };
}

function choiceOf({ tool_choice: choice }: MessagesRequest): AskedToolChoice {
  if (choice?.type === 'any') return { mode: 'forced', names: [] };
  if (choice?.type === 'tool') return { mode: 'forced', names: [choice.name] };
  return { mode: choice?.type ?? 'auto' };
}

type Blocks = string | readonly { readonly type: string; readonly text?: unknown }[];

function textOf(content: Blocks): string {
  if (typeof content === 'string') return content;
  return content.flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : [])).join('\n');
}

function resultText(block: ContentBlock): string[] {
  return block.type === 'tool_result' ? [`${block.is_error ? '(error) ' : ''}${textOf(block.content ?? '')}`] : [];
}

function mediaOf(blocks: readonly { readonly type: string }[]): ReceivedMedia[] {
  return (blocks as readonly ContentBlock[]).flatMap((block): ReceivedMedia[] => {
    if (block.type !== 'image' && block.type !== 'document') return [];
    const { source, type: kind } = block;
    if (source.type === 'url') return [{ kind, mimeType: 'url', bytes: null, reference: source.url }];
    if (source.type === 'file') return [{ kind, mimeType: 'file', bytes: null, reference: source.file_id }];
    if (source.type === 'content')
      return [{ kind, mimeType: 'content', bytes: Buffer.from(textOf(source.content)), reference: null }];
    const bytes = source.type === 'text' ? Buffer.from(source.data) : decodeBase64(source.data);
    return [{ kind, mimeType: source.media_type, bytes, reference: null }];
  });
}
