import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { SseParser } from '../sse/sse-parser.ts';
import { ResponsesStreamDecoder } from './stream-decoder.ts';

const origin = { dialect: 'openai-responses', modelGroup: 'gpt-5' } as const;
const context: DecodeAnswerContext = { origin, createId: () => 'made12345' };
const frame = (event: JsonObject): string => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`;

function decodeText(text: string, options: Partial<DecodeAnswerContext> = {}, cuts: readonly number[] = []) {
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

const decode = (events: readonly JsonObject[], options?: Partial<DecodeAnswerContext>) =>
  decodeText(events.map((event) => frame(event)).join(''), options);

const response = (extra: JsonObject = {}): JsonObject => ({
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
const usage = {
  input_tokens: 34,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 10 },
  output_tokens: 28,
  output_tokens_details: { reasoning_tokens: 8 },
  total_tokens: 62,
};
const created = { type: 'response.created', sequence_number: 0, response: response() };
const inProgress = { type: 'response.in_progress', sequence_number: 1, response: response() };
const completed = (extra: JsonObject = {}) => ({
  type: 'response.completed',
  response: response({ status: 'completed', usage, ...extra }),
});
const started = { type: 'start', id: 'resp_05500b', model: 'gpt-5-nano-2025-08-07', created: 1763474589 };
const counted = {
  type: 'usage',
  usage: { inputUncached: 20, cacheRead: 4, cacheWrite5m: 10, cacheWrite1h: 0, output: 28, reasoning: 8 },
};
const finished = (reason: string) => [counted, { type: 'finish', finish: { reason } }, { type: 'end' }];

const item = (type: string, extra: JsonObject, index = 0): JsonObject => ({ type, output_index: index, ...extra });
const textDelta = (delta: string, index = 0, extra: JsonObject = {}) =>
  item('response.output_text.delta', { item_id: 'msg_1', content_index: 0, delta, logprobs: [], ...extra }, index);
const callItem = (name: string, text: string, extra: JsonObject = {}) => ({
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name,
  arguments: text,
  ...extra,
});
const argumentsDelta = (delta: string, index = 0) =>
  item('response.function_call_arguments.delta', { item_id: 'fc_1', delta }, index);
const start = (name: string, id = 'call_1') => ({ type: 'tool-call-start', key: 'call-0', id, name, kind: 'function' });
const pieces = (events: readonly CanonicalEvent[], type: 'text' | 'reasoning' | 'tool-call-arguments'): string =>
  events.map((event) => (event.type === type ? event.text : '')).join('');

const ordinary = [
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
const ordinaryEvents = [
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
    citation: expect.objectContaining({ url: 'u', startIndex: 0, endIndex: 5 }) as unknown,
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

describe('ResponsesStreamDecoder', () => {
  it('reads reasoning, text and a call, without padding and without a word twice', () => {
    expect(decode(ordinary)).toEqual(ordinaryEvents);
  });

  it.each(['\n', '\r\n', '\r'])('reads the same from every split of the bytes with line end %j', (lineEnd) => {
    const text = ordinary
      .map((event) => frame(event))
      .join('')
      .replaceAll('\n', lineEnd);
    fc.assert(
      fc.property(fc.array(fc.nat(Buffer.byteLength(text)), { maxLength: 60 }), (cuts) => {
        expect(decodeText(text, {}, cuts)).toEqual(ordinaryEvents);
      }),
      { numRuns: 200 },
    );
  });

  it('(a) reports the error in a 200 once, with or without `response.failed` behind it (S43)', () => {
    const error = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded.', param: null };
    const failed = { type: 'response.failed', response: response({ status: 'failed', error }) };
    const fault = { fault: 'quota', message: 'You exceeded.', code: 'insufficient_quota', param: null };
    const wrapped = { type: 'error', sequence_number: 2, error };
    const flat = { type: 'error', sequence_number: 2, code: error.code, message: error.message, param: null };
    for (const events of [[wrapped, failed], [wrapped], [flat, failed], [failed]]) {
      const decoded = decode([created, inProgress, ...events]);
      expect(decoded).toEqual([started, { type: 'error', error: expect.objectContaining(fault) as unknown }]);
    }
  });

  it('(a) takes an error without a code, and one before anything else', () => {
    const error = { type: 'server_error', code: null, message: 'Sorry, something went wrong.', param: null };
    expect(decode([{ type: 'error', error, sequence_number: 2 }])).toMatchObject([
      { type: 'error', error: { fault: 'upstream', message: 'Sorry, something went wrong.', code: null } },
    ]);
    expect(decodeText('data: {"error":{"message":"m","code":"rate_limit_exceeded"}}\n\n')).toMatchObject([
      { type: 'error', error: { fault: 'rate-limit' } },
    ]);
  });

  it('(b) keeps together what a provider gives another id with each event (S44)', () => {
    let id = 0;
    const rotated = (event: JsonObject): JsonObject => {
      id += 1;
      const inner = event['item'] as JsonObject | undefined;
      const whole = event['response'] as JsonObject | undefined;
      return {
        ...event,
        item_id: `capture-id-${id}`,
        ...(inner && { item: { ...inner, id: `capture-id-${id}` } }),
        ...(whole && { response: { ...whole, id: `capture-id-${id}` } }),
      };
    };
    const events = decode(ordinary.map((event) => rotated(event)));
    expect(events.slice(1)).toEqual(ordinaryEvents.slice(1));
  });

  describe('(c) the wrapper of parallel calls', () => {
    const wrapped = JSON.stringify({
      tool_uses: [
        { recipient_name: 'functions.weather', parameters: { location: 'San Francisco' } },
        { recipient_name: 'functions.cityAttractions', parameters: { city: 'Rome' } },
      ],
    });
    const stream = [
      created,
      item('response.output_item.added', { item: callItem('parallel', '') }),
      argumentsDelta(wrapped.slice(0, 30)),
      argumentsDelta(wrapped.slice(30)),
      item('response.function_call_arguments.done', { item_id: 'fc_1', arguments: wrapped }),
      item('response.output_item.done', { item: callItem('parallel', wrapped) }),
      completed(),
    ];
    const plain = [start('parallel'), { type: 'tool-call-arguments', key: 'call-0', text: wrapped }];
    const calls = (events: readonly CanonicalEvent[]) => events.slice(1, -3);

    it('is expanded into its calls', () => {
      const expanded = [
        { type: 'tool-call-start', key: 'call-0.0', id: 'call_1_0', name: 'weather', kind: 'function' },
        { type: 'tool-call-arguments', key: 'call-0.0', text: '{"location":"San Francisco"}' },
        { type: 'tool-call-end', key: 'call-0.0' },
        { type: 'tool-call-start', key: 'call-0.1', id: 'call_1_1', name: 'cityAttractions', kind: 'function' },
        { type: 'tool-call-arguments', key: 'call-0.1', text: '{"city":"Rome"}' },
        { type: 'tool-call-end', key: 'call-0.1' },
      ];
      expect(calls(decode(stream))).toEqual(expanded);
      const toolNames = new Set(['weather', 'cityAttractions']);
      expect(calls(decode(stream, { toolNames }))).toEqual(expanded);
      expect(decode(stream).at(-2)).toEqual({ type: 'finish', finish: { reason: 'tool-calls' } });
    });

    it('is left alone where the caller has a tool of that name, or none of those that it calls', () => {
      for (const toolNames of [new Set(['parallel', 'weather', 'cityAttractions']), new Set(['weather'])]) {
        const events = decode(stream, { toolNames });
        expect(events).toMatchObject([started, plain[0], {}, ...events.slice(3)]);
        expect(pieces(events, 'tool-call-arguments')).toBe(wrapped);
        expect(events.filter(({ type }) => type === 'tool-call-end')).toHaveLength(1);
      }
    });

    it.each([
      '{"tool_uses":[]}',
      '{"tool_uses":[{"recipient_name":"weather","parameters":{}}]}',
      '{"a":1}',
      '{"tool_us',
    ])('is a call like others when it holds %s', (text) => {
      const events = decode([
        created,
        item('response.output_item.added', { item: callItem('parallel', '') }),
        argumentsDelta(text),
        item('response.output_item.done', { item: callItem('parallel', text) }),
        completed(),
      ]);
      expect(calls(events)).toEqual([
        start('parallel'),
        { type: 'tool-call-arguments', key: 'call-0', text },
        { type: 'tool-call-end', key: 'call-0' },
      ]);
    });
  });

  it('(d) takes the output from the items when the last event has none, and from the last event when there were none', () => {
    const output = [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'why' }], encrypted_content: 'enc' },
      { type: 'message', content: [{ type: 'output_text', text: 'hi', annotations: [] }] },
      callItem('f', '{}'),
    ];
    expect(decode([created, textDelta('hi'), completed({ output: [] })])).toEqual([
      started,
      { type: 'text', key: 'message-0.0', text: 'hi' },
      { type: 'part-end', key: 'message-0.0' },
      ...finished('stop'),
    ]);
    expect(decode([created, completed({ output })])).toEqual([
      started,
      { type: 'reasoning', key: 'reasoning-0', text: 'why' },
      { type: 'reasoning-signature', key: 'reasoning-0', signature: { ...origin, value: 'enc' } },
      { type: 'part-end', key: 'reasoning-0' },
      { type: 'text', key: 'message-1.0', text: 'hi' },
      { type: 'part-end', key: 'message-1.0' },
      { ...start('f'), key: 'call-2' },
      { type: 'tool-call-arguments', key: 'call-2', text: '{}' },
      { type: 'tool-call-end', key: 'call-2' },
      ...finished('tool-calls'),
    ]);
  });

  it('(f) signs with the finished item, else with the announced one, and takes reasoning that is not shown', () => {
    const added = item('response.output_item.added', {
      item: { type: 'reasoning', summary: [], encrypted_content: 'e1' },
    });
    const done = item('response.output_item.done', {
      item: { type: 'reasoning', summary: [], encrypted_content: 'e2' },
    });
    const signed = (value: string) => [
      { type: 'reasoning-signature', key: 'reasoning-0', signature: { ...origin, value } },
      { type: 'part-end', key: 'reasoning-0' },
    ];
    expect(decode([created, added, done, completed()]).slice(1, 3)).toEqual(signed('e2'));
    expect(decode([created, added, completed()]).slice(1, 3)).toEqual(signed('e1'));
  });

  it('names a call by its end when it was never announced (S32)', () => {
    const events = [
      created,
      argumentsDelta('{"a"'),
      argumentsDelta(':1}'),
      item('response.function_call_arguments.done', { item_id: 'fc_1', arguments: '{"a":1}' }),
      item('response.output_item.done', { item: callItem('f', '{"a":1}') }),
      completed(),
    ];
    expect(decode(events).slice(1, -3)).toEqual([
      start('f'),
      { type: 'tool-call-arguments', key: 'call-0', text: '{"a":1}' },
      { type: 'tool-call-end', key: 'call-0' },
    ]);
  });

  it('takes arguments that come in one piece, with the announcement or with the end', () => {
    const whole = [
      start('f'),
      { type: 'tool-call-arguments', key: 'call-0', text: '{}' },
      { type: 'tool-call-end', key: 'call-0' },
    ];
    const added = (text: string) => item('response.output_item.added', { item: callItem('f', text) });
    const done = item('response.output_item.done', { item: callItem('f', '{}') });
    expect(decode([created, added('{}'), completed()]).slice(1, -3)).toEqual(whole);
    expect(decode([created, added(''), done, completed()]).slice(1, -3)).toEqual(whole);
    expect(decode([created, done, completed()]).slice(1, -3)).toEqual(whole);
  });

  it('makes an id of a call that has none, never of its item', () => {
    const nameless = { type: 'function_call', id: 'fc_1', name: 'f', arguments: '{}' };
    const events = decode([created, item('response.output_item.done', { item: nameless }), completed()]);
    expect(events[1]).toEqual(start('f', 'made12345'));
  });

  it('does not let a call without a name vanish', () => {
    expect(decode([created, argumentsDelta('{}'), completed()])).toMatchObject([started, { type: 'error' }]);
  });

  it('tells calls apart that a provider gives one and the same index', () => {
    const one = (id: string, text: string) => [
      item('response.output_item.added', { item: callItem('f', '', { call_id: id }) }),
      argumentsDelta(text),
      item('response.output_item.done', { item: callItem('f', text, { call_id: id }) }),
    ];
    const events = decode([created, ...one('a', '{"x":1}'), ...one('b', '{"x":2}'), completed()]);
    expect(events.flatMap((event) => (event.type === 'tool-call-start' ? [event.id] : []))).toEqual(['a', 'b']);
    expect(pieces(events, 'tool-call-arguments')).toBe('{"x":1}{"x":2}');
  });

  it('goes by the ids of items where there is no index', () => {
    const { output_index: _, ...added } = item('response.output_item.added', { item: callItem('f', '') });
    const { output_index: __, ...delta } = argumentsDelta('{}');
    const { output_index: ___, ...done } = item('response.output_item.done', { item: callItem('f', '{}') });
    expect(decode([created, added, delta, done, completed()]).slice(1, -3)).toEqual([
      start('f'),
      { type: 'tool-call-arguments', key: 'call-0', text: '{}' },
      { type: 'tool-call-end', key: 'call-0' },
    ]);
  });

  it('reads the input of custom tools (S46)', () => {
    const tool = (input: string) => ({ type: 'custom_tool_call', id: 'ctc_1', call_id: 'c', name: 'sql', input });
    const delta = (text: string) => item('response.custom_tool_call_input.delta', { item_id: 'ctc_1', delta: text });
    const events = decode([
      created,
      item('response.output_item.added', { item: tool('') }),
      ...['SELECT ', '* ', 'FROM t'].map((text) => delta(text)),
      item('response.custom_tool_call_input.done', { item_id: 'ctc_1', input: 'SELECT * FROM t' }),
      item('response.output_item.done', { item: tool('SELECT * FROM t') }),
      completed(),
    ]);
    expect(events[1]).toMatchObject({ type: 'tool-call-start', id: 'c', name: 'sql', kind: 'custom' });
    expect(pieces(events, 'tool-call-arguments')).toBe('SELECT * FROM t');
  });

  it('passes on the group of tools that a call belongs to', () => {
    const done = item('response.output_item.done', { item: callItem('f', '{}', { namespace: 'clock' }) });
    expect(decode([created, done, completed()])[1]).toEqual({ ...start('f'), namespace: 'clock' });
  });

  it('reads the reasoning itself where there is no summary, and only one of the two', () => {
    const delta = (text: string, index: number) =>
      item('response.reasoning_text.delta', { item_id: 'rs', content_index: index, delta: text });
    const summary = item('response.reasoning_summary_text.delta', { summary_index: 0, delta: 'short' });
    const events = decode([created, delta('a', 0), delta('b', 0), delta('c', 1), summary, completed()]);
    expect(pieces(events, 'reasoning')).toBe('ab\n\nc');
  });

  it('reads a refusal once', () => {
    const part = { type: 'refusal', refusal: 'I will not.' };
    const events = decode([
      created,
      item('response.refusal.delta', { content_index: 0, delta: 'I will not.' }),
      item('response.refusal.done', { content_index: 0, refusal: 'I will not.' }),
      item('response.content_part.done', { content_index: 0, part }),
      item('response.output_item.done', { item: { type: 'message', content: [part] } }),
      completed(),
    ]);
    expect(events.slice(1)).toEqual([
      { type: 'refusal', key: 'message-0.0', text: 'I will not.' },
      { type: 'part-end', key: 'message-0.0' },
      ...finished('refusal'),
    ]);
  });

  it("reads token probabilities into Chat's form and places citations in the whole text", () => {
    const logprobs = [{ token: 'a', logprob: -0.5, bytes: [97], top_logprobs: [] }];
    const annotation = { type: 'url_citation', url: 'u', title: 't', start_index: 1, end_index: 2 };
    const second = { type: 'message', content: [{ type: 'output_text', text: 'bc', annotations: [annotation] }] };
    const events = decode([
      created,
      textDelta('a', 0, { logprobs }),
      item('response.output_item.done', { item: second }, 1),
      completed(),
    ]);
    expect(events[1]).toMatchObject({ text: 'a', logprobs: { content: logprobs, refusal: null } });
    expect(events[3]).toEqual({
      type: 'citation',
      key: 'message-1.0',
      citation: {
        url: 'u',
        title: 't',
        startIndex: 2,
        endIndex: 3,
        native: { dialect: 'openai-responses', value: annotation },
      },
    });
  });

  it.each([
    [{ reason: 'max_output_tokens' }, 'length'],
    [{ reason: 'content_filter' }, 'content-filter'],
    [null, 'length'],
  ])('takes an incomplete answer (%j) for %s', (details, reason) => {
    const incomplete = response({ status: 'incomplete', incomplete_details: details, usage });
    const events = decode([created, textDelta('x'), { type: 'response.incomplete', response: incomplete }]);
    expect(events.slice(-3)).toEqual(finished(reason));
  });

  it('announces a response that was not, and skips hosted tools and what it does not know', () => {
    const events = decode([
      item('response.output_item.added', { item: { type: 'web_search_call', id: 'ws' } }),
      { type: 'response.web_search_call.completed', output_index: 0 },
      { type: 'response.something.new', x: 1 },
      textDelta('x', 1),
      { type: 'response.completed', ...response({ status: 'completed', object: 'response' }) },
    ]);
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'part-end', 'finish', 'end']);
  });

  it('knows an event by its name when its data does not say', () => {
    expect(decodeText('event: response.output_text.delta\ndata: {"output_index":0,"delta":"x"}\n\n')[1]).toMatchObject({
      type: 'text',
      text: 'x',
    });
  });

  it.each([
    ['ends early', frame(created) + frame(textDelta('x'))],
    ['ends at once', ''],
    ["ends with Chat's marker alone", `${frame(created)}data: [DONE]\n\n`],
    ['sends what is no JSON', `${frame(created)}data: {"type":\n\n${frame(completed())}`],
    ['is cancelled', frame(created) + frame({ type: 'response.cancelled', response: response() })],
    ['completes with a failure', frame(completed({ status: 'failed', error: { message: 'm' } }))],
  ])('reports a stream that %s', (_name, text) => {
    const events = decodeText(text);
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { fault: 'upstream' } });
    expect(events.filter(({ type }) => type === 'end' || type === 'finish')).toEqual([]);
  });

  it('ignores what comes after the end', () => {
    const events = decode([created, completed(), textDelta('late'), completed()]);
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
    expect(events.at(-1)).toEqual({ type: 'end' });
  });
});
