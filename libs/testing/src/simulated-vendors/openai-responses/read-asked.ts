import { textFrom } from '../text-from.ts';
import { mediaFromUrl } from '../decode-media.ts';
import type { Asked, AskedToolChoice, ReceivedMedia } from '../turn/asked.ts';
import type { Json } from '../turn/sample-from-schema.ts';
import type { AnyPart, InputItem } from './item-schema.ts';
import type { ResponsesRequest } from './schema.ts';

/** What a request asks for, in terms that all vendors share. */
export function readAsked(body: ResponsesRequest, inputBytes: number): Asked {
  const input: readonly InputItem[] =
    typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : (body.input ?? []);
  const sinceAnswer = input.slice(input.findLastIndex(isByModel) + 1);
  return {
    model: body.model,
    lastText: textOf(contentOf(input.findLast((item) => 'role' in item && item.role === 'user'))),
    media: input.flatMap((item) => mediaOf(contentOf(item))),
    tools: (body.tools ?? []).flatMap((tool) => {
      if (tool.type === 'function' && 'name' in tool)
        return [{ name: String(tool.name), schema: (tool.parameters ?? null) as Json | null }];
      return tool.type === 'custom'
        ? [{ name: textFrom(tool['name']), schema: { type: 'object', properties: { input: { type: 'string' } } } }]
        : [];
    }),
    toolChoice: choiceOf(body),
    parallelTools: body.parallel_tool_calls !== false,
    results: sinceAnswer.flatMap((item) => ('output' in item ? [textOf(contentOf(item))] : [])),
    schema: schemaOf(body),
    mayReason: body.reasoning?.effort !== 'none',
    maxOutputTokens: body.max_output_tokens ?? null,
    stops: [],
    inputBytes,
  };
}

function isByModel(item: InputItem): boolean {
  if ('role' in item) return item.role === 'assistant';
  return 'type' in item && /call$|^reasoning$/.test(String(item.type));
}

function choiceOf({ tool_choice: choice = 'auto' }: ResponsesRequest): AskedToolChoice {
  if (choice === 'required') return { mode: 'forced', names: [] };
  if (typeof choice === 'string') return { mode: choice };
  if (choice.type === 'function' || choice.type === 'custom') return { mode: 'forced', names: [choice.name] };
  if (choice.type !== 'allowed_tools' || choice.mode === 'auto') return { mode: 'auto' };
  return { mode: 'forced', names: choice.tools.map((tool) => textFrom(tool['name'])) };
}

function schemaOf({ text }: ResponsesRequest): Json | null {
  if (text?.format?.type === 'json_schema') return text.format.schema;
  return text?.format?.type === 'json_object' ? {} : null;
}

function contentOf(item: InputItem | undefined): string | readonly AnyPart[] {
  if (item === undefined) return '';
  if ('role' in item) return item.content as string | AnyPart[];
  return 'output' in item ? (item.output as string | AnyPart[]) : '';
}

function textOf(content: string | readonly AnyPart[]): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => ('text' in part ? [part.text] : [])).join('\n');
}

function mediaOf(content: string | readonly AnyPart[]): ReceivedMedia[] {
  if (typeof content === 'string') return [];
  return content.flatMap((part) => {
    if (part.type === 'input_image') return [mediaFromUrl('image', part.image_url ?? part.file_id ?? '')];
    if (part.type !== 'input_file') return [];
    return [mediaFromUrl('document', part.file_data ?? part.file_url ?? part.file_id ?? '')];
  });
}
