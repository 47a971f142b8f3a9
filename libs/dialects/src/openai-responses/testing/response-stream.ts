import type { CanonicalEvent } from '../../canonical/canonical-event.ts';
import type { DecodeAnswerContext } from '../../canonical/dialect-codec.ts';
import type { JsonObject } from '../../canonical/json.ts';
import { SseParser } from '../../sse/sse-parser.ts';
import { ResponsesStreamDecoder } from '../stream-decoder.ts';

/** Streams of response events in the shape in which OpenAI and others send them, for the specs of the decoder. */

export const origin = { dialect: 'openai-responses', modelGroup: 'gpt-5' } as const;
export const context: DecodeAnswerContext = { origin, createId: () => 'made12345' };
export const frame = (event: JsonObject): string =>
  `event: ${event['type'] as string}\ndata: ${JSON.stringify(event)}\n\n`;

export function decodeText(text: string, options: Partial<DecodeAnswerContext> = {}, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const parser = new SseParser();
  const decoder = new ResponsesStreamDecoder({ ...context, ...options });
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const events: CanonicalEvent[] = [];
  for (let index = 1; index < edges.length; index += 1) {
    for (const event of parser.push(bytes.subarray(edges[index - 1], edges[index])))
      events.push(...decoder.push(event));
  }
  for (const event of parser.end()) events.push(...decoder.push(event));
  return [...events, ...decoder.end()];
}

export const decode = (events: readonly JsonObject[], options?: Partial<DecodeAnswerContext>) =>
  decodeText(events.map((event) => frame(event)).join(''), options);

export const response = (extra: JsonObject = {}): JsonObject => ({
  id: 'resp_05500b',
  object: 'response',
  created_at: 1763474589,
  status: 'in_progress',
  error: null,
  incomplete_details: null,
  model: 'gpt-5-nano-2025-08-07',
  output: [],
  usage: null,
  ...extra,
});
export const usage = {
  input_tokens: 34,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 10 },
  output_tokens: 28,
  output_tokens_details: { reasoning_tokens: 8 },
  total_tokens: 62,
};
export const created = { type: 'response.created', sequence_number: 0, response: response() };
export const inProgress = { type: 'response.in_progress', sequence_number: 1, response: response() };
export const completed = (extra: JsonObject = {}) => ({
  type: 'response.completed',
  response: response({ status: 'completed', usage, ...extra }),
});
export const started = { type: 'start', id: 'resp_05500b', model: 'gpt-5-nano-2025-08-07', created: 1763474589 };
export const counted = {
  type: 'usage',
  usage: { inputUncached: 20, cacheRead: 4, cacheWrite5m: 10, cacheWrite1h: 0, output: 28, reasoning: 8 },
};
export const finished = (reason: string) => [counted, { type: 'finish', finish: { reason } }, { type: 'end' }];

export const item = (type: string, extra: JsonObject, index = 0): JsonObject => ({
  type,
  output_index: index,
  ...extra,
});
export const textDelta = (delta: string, index = 0, extra: JsonObject = {}) =>
  item('response.output_text.delta', { item_id: 'msg_1', content_index: 0, delta, logprobs: [], ...extra }, index);
export const callItem = (name: string, text: string, extra: JsonObject = {}) => ({
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name,
  arguments: text,
  ...extra,
});
export const argumentsDelta = (delta: string, index = 0) =>
  item('response.function_call_arguments.delta', { item_id: 'fc_1', delta }, index);
export const start = (name: string, id = 'call_1') => ({
  type: 'tool-call-start',
  key: 'call-0',
  id,
  name,
  kind: 'function',
});
export const pieces = (events: readonly CanonicalEvent[], type: 'text' | 'reasoning' | 'tool-call-arguments'): string =>
  events.map((event) => (event.type === type ? event.text : '')).join('');

export const ordinary = [
  created,
  inProgress,
  item('response.output_item.added', {
    item: { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'early' },
  }),
  item('response.reasoning_summary_part.added', { item_id: 'rs_1', summary_index: 0, part: { type: 'summary_text' } }),
  item('response.reasoning_summary_text.delta', {
    item_id: 'rs_1',
    summary_index: 0,
    delta: '**A**',
    obfuscation: 'x',
  }),
  item('response.reasoning_summary_text.done', { item_id: 'rs_1', summary_index: 0, text: '**A**' }),
  item('response.reasoning_summary_part.added', { item_id: 'rs_1', summary_index: 1, part: { type: 'summary_text' } }),
  item('response.reasoning_summary_text.delta', { item_id: 'rs_1', summary_index: 1, delta: 'B', obfuscation: 'pad' }),
  item('response.output_item.done', {
    item: {
      id: 'rs_1',
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: '**A**' }],
      encrypted_content: 'final',
    },
  }),
  item('response.output_item.added', { item: { id: 'msg_1', type: 'message', role: 'assistant', content: [] } }, 1),
  item('response.content_part.added', { content_index: 0, part: { type: 'output_text', text: '' } }, 1),
  textDelta('Grüße ', 1, { obfuscation: 'abc' }),
  textDelta('🌍', 1),
  item(
    'response.output_text.annotation.added',
    {
      content_index: 0,
      annotation_index: 0,
      annotation: { type: 'url_citation', url: 'u', start_index: 0, end_index: 5 },
    },
    1,
  ),
  item('response.output_text.done', { content_index: 0, text: 'Grüße 🌍' }, 1),
  item('response.content_part.done', { content_index: 0, part: { type: 'output_text', text: 'Grüße 🌍' } }, 1),
  item(
    'response.output_item.done',
    {
      item: {
        id: 'msg_1',
        type: 'message',
        content: [{ type: 'output_text', text: 'Grüße 🌍', annotations: [{ type: 'url_citation', url: 'u' }] }],
      },
    },
    1,
  ),
  item('response.output_item.added', { item: callItem('f', '') }, 2),
  argumentsDelta('{"a":', 2),
  argumentsDelta('1}', 2),
  item('response.function_call_arguments.done', { item_id: 'fc_1', arguments: '{"a":1}' }, 2),
  item('response.output_item.done', { item: callItem('f', '{"a":1}') }, 2),
  completed({
    service_tier: 'default',
    output: [{ type: 'reasoning' }, { type: 'message' }, callItem('f', '{"a":1}')],
  }),
];
export const ordinaryEvents = [
  started,
  { type: 'reasoning', key: 'reasoning-0', text: '**A**' },
  { type: 'reasoning', key: 'reasoning-0', text: '\n\nB' },
  { type: 'reasoning-signature', key: 'reasoning-0', signature: { ...origin, value: 'final' } },
  { type: 'part-end', key: 'reasoning-0' },
  { type: 'text', key: 'message-1.0', text: 'Grüße ' },
  { type: 'text', key: 'message-1.0', text: '🌍' },
  {
    type: 'citation',
    key: 'message-1.0',
    citation: {
      url: 'u',
      startIndex: 0,
      endIndex: 5,
      native: { dialect: 'openai-responses', value: { type: 'url_citation', url: 'u', start_index: 0, end_index: 5 } },
    },
  },
  { type: 'part-end', key: 'message-1.0' },
  { ...start('f'), key: 'call-2' },
  { type: 'tool-call-arguments', key: 'call-2', text: '{"a":' },
  { type: 'tool-call-arguments', key: 'call-2', text: '1}' },
  { type: 'tool-call-end', key: 'call-2' },
  counted,
  { type: 'finish', finish: { reason: 'tool-calls' }, serviceTier: 'default' },
  { type: 'end' },
];
