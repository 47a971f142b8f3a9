import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import {
  decodeContext,
  decodeChunks,
  decodeStream,
  deltaChunk,
  finishChunk,
  ORIGIN,
  sseOf,
} from './testing/chat-fixture.ts';
import { ChatStreamDecoder } from './stream-decoder.ts';

const call = (piece: JsonObject): JsonObject => deltaChunk({ tool_calls: [piece] });
const ofType = (events: readonly CanonicalEvent[], ...types: readonly string[]) =>
  events.filter(({ type }) => types.includes(type));
/** Calls as a caller puts them together: name, id and arguments in the order of their starts. */
function callsOf(events: readonly CanonicalEvent[]) {
  const calls = new Map<string, { id: string; name: string; text: string; ended: number }>();
  for (const event of events) {
    if (event.type === 'tool-call-start') {
      expect(calls.has(event.key)).toBe(false);
      calls.set(event.key, { id: event.id, name: event.name, text: '', ended: 0 });
    }
    if (event.type === 'tool-call-arguments') calls.get(event.key)!.text += event.text;
    if (event.type === 'tool-call-end') calls.get(event.key)!.ended += 1;
  }
  return [...calls.values()];
}
const finishOf = (events: readonly CanonicalEvent[]) => ofType(events, 'finish');

describe('ChatStreamDecoder', () => {
  it('tells reasoning, text and end (S01)', () => {
    const events = decodeChunks(
      deltaChunk({ role: 'assistant', content: '' }),
      deltaChunk({ reasoning: 'r' }),
      deltaChunk({ content: 't' }),
      finishChunk('stop'),
      '[DONE]',
    );
    expect(events).toEqual([
      { type: 'start', id: 'chatcmpl-1', model: 'm', created: 5 },
      { type: 'reasoning', key: 'reasoning0.0', text: 'r' },
      { type: 'part-end', key: 'reasoning0.0' },
      { type: 'text', key: 'text0.1', text: 't' },
      { type: 'part-end', key: 'text0.1' },
      { type: 'finish', finish: { reason: 'stop' } },
      { type: 'end' },
    ]);
  });

  it('says no text before a call (S02)', () => {
    const events = decodeChunks(
      deltaChunk({ role: 'assistant', content: null }),
      call({ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }),
      call({ index: 0, function: { arguments: '{"a":1}' } }),
      finishChunk('tool_calls'),
      '[DONE]',
    );
    expect(events.map(({ type }) => type)).toEqual([
      'start',
      'tool-call-start',
      'tool-call-arguments',
      'tool-call-end',
      'finish',
      'end',
    ]);
  });

  it.each([
    [
      'id after the name (S04)',
      [
        { index: 0, function: { name: 'f', arguments: '' } },
        { index: 0, id: 'c1' },
        { index: 0, function: { arguments: '{}' } },
      ],
      'c1',
    ],
    [
      'no id ever (S05)',
      [
        { index: 0, function: { name: 'f', arguments: '{' } },
        { index: 0, function: { arguments: '}' } },
      ],
      'madeup001',
    ],
    [
      'name again and again',
      [
        { index: 0, id: 'c1', function: { name: 'f', arguments: '{' } },
        { index: 0, id: null, function: { name: 'f', arguments: '}' } },
      ],
      'c1',
    ],
    [
      'null and empty names later',
      [
        { index: 0, id: 'c1', function: { name: 'f', arguments: '{' } },
        { index: 0, id: '', function: { name: null, arguments: '}' } },
      ],
      'c1',
    ],
    ['index 1 alone (S08)', [{ index: 1, id: 'c1', function: { name: 'f', arguments: '{}' } }], 'c1'],
    ['no index', [{ id: 'c1', function: { name: 'f', arguments: '{' } }, { function: { arguments: '}' } }], 'c1'],
    [
      'no index, id after the name',
      [{ function: { name: 'f', arguments: '' } }, { id: 'c1' }, { function: { arguments: '{}' } }],
      'c1',
    ],
  ])('puts a call together: %s', (_name, pieces, id) => {
    const events = decodeChunks(
      ...pieces.map((piece) => call(piece as JsonObject)),
      finishChunk('tool_calls'),
      '[DONE]',
    );
    expect(callsOf(events)).toEqual([{ id, name: 'f', text: '{}', ended: 1 }]);
    expect(finishOf(events)).toEqual([{ type: 'finish', finish: { reason: 'tool-calls' } }]);
  });

  it('tells belated calls in the order of their indices (S07)', () => {
    const pieces = [
      { index: 2, function: { name: 'third', arguments: '{}' } },
      { index: 0, function: { name: 'first', arguments: '{}' } },
      { index: 1, function: { name: 'second', arguments: '{}' } },
    ];
    const events = decodeChunks(deltaChunk({ tool_calls: pieces }), finishChunk('tool_calls'), '[DONE]');
    expect(callsOf(events).map(({ name }) => name)).toEqual(['first', 'second', 'third']);
  });

  it.each([
    ['ids', { id: 'c1' }, { id: 'c2' }],
    ['names', {}, {}],
  ])('takes calls apart that all have index 0, by their %s', (_name, one, other) => {
    const events = decodeChunks(
      call({ index: 0, ...one, function: { name: 'f', arguments: '{"a":1}' } }),
      call({ index: 0, ...other, function: { name: 'g', arguments: '{"b":2}' } }),
      finishChunk('tool_calls'),
      '[DONE]',
    );
    expect(callsOf(events).map(({ name, text }) => [name, text])).toEqual([
      ['f', '{"a":1}'],
      ['g', '{"b":2}'],
    ]);
  });

  it('keeps interleaved parallel calls apart', () => {
    const events = decodeChunks(
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '' } }),
      call({ index: 1, id: 'b', function: { name: 'g', arguments: '' } }),
      call({ index: 0, function: { arguments: '{"x":' } }),
      call({ index: 1, function: { arguments: '{"y":2}' } }),
      call({ index: 0, function: { arguments: '1}' } }),
      finishChunk('stop'),
      '[DONE]',
    );
    expect(callsOf(events).map(({ text }) => text)).toEqual(['{"x":1}', '{"y":2}']);
    expect(finishOf(events)).toEqual([{ type: 'finish', finish: { reason: 'tool-calls' } }]);
  });

  it('takes arguments that come as a value, with their numbers as they were written', () => {
    const data =
      '{"id":"i","choices":[{"index":0,"delta":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":{"n":9007199254740993}}}]}}]}';
    const events = decodeStream(Buffer.from(`data: ${data}\n\n${sseOf(finishChunk('tool_calls'), '[DONE]')}`));
    expect(callsOf(events)[0]?.text).toBe('{"n":9007199254740993}');
  });

  it('reads the old function_call', () => {
    const events = decodeChunks(
      deltaChunk({ function_call: { name: 'f', arguments: '' } }),
      deltaChunk({ function_call: { arguments: '{}' } }),
      finishChunk('function_call'),
      '[DONE]',
    );
    expect(callsOf(events)).toEqual([{ id: 'madeup001', name: 'f', text: '{}', ended: 1 }]);
  });

  it('reads a custom call', () => {
    const events = decodeChunks(
      call({ index: 0, id: 'c', type: 'custom', custom: { name: 'sql', input: '' } }),
      call({ index: 0, custom: { input: 'SELECT 1' } }),
      finishChunk('tool_calls'),
      '[DONE]',
    );
    expect(ofType(events, 'tool-call-start', 'tool-call-arguments')).toEqual([
      { type: 'tool-call-start', key: 'call0.0', id: 'c', name: 'sql', kind: 'custom' },
      { type: 'tool-call-arguments', key: 'call0.0', text: 'SELECT 1' },
    ]);
  });

  it.each([
    [
      'extra_content',
      { id: 'c', extra_content: { google: { thought_signature: 's' } }, function: { name: 'f', arguments: '{}' } },
    ],
    ['function.thought_signature', { id: 'c', function: { name: 'f', arguments: '{}', thought_signature: 's' } }],
    ['the id', { id: 'c__thought__s', function: { name: 'f', arguments: '{}' } }],
  ])('tags the signature of a call with its origin: %s', (_name, piece) => {
    const [start] = ofType(decodeChunks(call(piece), finishChunk('tool_calls'), '[DONE]'), 'tool-call-start');
    expect(start).toMatchObject({ id: 'c', signature: { ...ORIGIN, value: 's' } });
  });

  it('forgets a call that nobody named, and says that the answer is unusable', () => {
    const events = decodeChunks(
      call({ index: 0, id: 'c', function: { arguments: '{}' } }),
      deltaChunk({ content: 'x' }),
      finishChunk('tool_calls'),
      '[DONE]',
    );
    expect([callsOf(events), finishOf(events)]).toEqual([[], [{ type: 'finish', finish: { reason: 'malformed' } }]]);
  });

  it('survives the filter results of Azure (S16)', () => {
    const events = decodeChunks(
      { id: '', created: 0, model: '', object: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
      deltaChunk({ role: 'assistant', content: '' }),
      deltaChunk({ content: 'a' }, { content_filter_results: { hate: { filtered: false } } }),
      finishChunk('stop'),
      { id: '', choices: [{ index: 0, content_filter_offsets: {}, content_filter_results: {}, finish_reason: null }] },
      '[DONE]',
    );
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'part-end', 'finish', 'end']);
    expect(events[0]).toMatchObject({ id: 'chatcmpl-1' });
  });

  it('waits for the usage behind the finish (S17), and takes the last one of several', () => {
    const usage = (completion: number) => ({ prompt_tokens: 4, completion_tokens: completion });
    const events = decodeChunks(
      { ...deltaChunk({ content: 'a' }), usage: usage(1) },
      finishChunk('stop'),
      { id: 'chatcmpl-1', choices: [], usage: usage(2) },
      '[DONE]',
    );
    expect(events.slice(-4).map(({ type }) => type)).toEqual(['usage', 'part-end', 'finish', 'end']);
    expect(ofType(events, 'usage').at(-1)).toMatchObject({ usage: { inputUncached: 4, output: 2 } });
  });

  it("reads Mistral's chunks of content (N13)", () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
    const events = decodeChunks(
      deltaChunk({ content: [thinking, { type: 'text', text: 'yes' }] }),
      finishChunk('stop'),
      '[DONE]',
    );
    expect(ofType(events, 'reasoning', 'text')).toMatchObject([{ text: 'hm' }, { text: 'yes' }]);
  });

  it('reads reasoning_details once, with their signatures, and not also the field beside them', () => {
    const events = decodeChunks(
      deltaChunk({ reasoning: 'a', reasoning_details: [{ type: 'reasoning.text', text: 'a', index: 0 }] }),
      deltaChunk({ reasoning_details: [{ type: 'reasoning.text', text: '', signature: 's', index: 0 }] }),
      deltaChunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'd', index: 1 }] }),
      deltaChunk({ content: 't' }),
      finishChunk('stop'),
      '[DONE]',
    );
    expect(ofType(events, 'reasoning', 'reasoning-signature')).toEqual([
      { type: 'reasoning', key: 'reasoning0.0', text: 'a' },
      { type: 'reasoning-signature', key: 'reasoning0.0', signature: { ...ORIGIN, value: 's' } },
      { type: 'reasoning-signature', key: 'reasoning0.1', signature: { ...ORIGIN, value: 'd' }, redacted: true },
    ]);
  });

  it('signs the text on which Google puts a signature', () => {
    const signed = deltaChunk({ content: '', extra_content: { google: { thought_signature: 's' } } });
    const events = decodeChunks(deltaChunk({ content: 'a' }), signed, finishChunk('stop'), '[DONE]');
    expect(ofType(events, 'text-signature')).toEqual([
      { type: 'text-signature', key: 'text0.0', signature: { ...ORIGIN, value: 's' } },
    ]);
  });

  it.each([
    [finishChunk('stop', { stop_reason: 'END' }), { reason: 'stop-sequence', stopSequence: 'END' }],
    [finishChunk('stop', { stop_reason: 128_001 }), { reason: 'stop' }],
    [finishChunk('tool_calls'), { reason: 'stop' }],
    [finishChunk('model_length'), { reason: 'length' }],
    [finishChunk('content_filter'), { reason: 'content-filter' }],
    [finishChunk('abort'), { reason: 'malformed' }],
  ])('ends for the reason of %j', (chunk, finish) => {
    expect(finishOf(decodeChunks(deltaChunk({ content: 'a' }), chunk, '[DONE]'))).toEqual([{ type: 'finish', finish }]);
  });

  it('tells a refusal', () => {
    const events = decodeChunks(deltaChunk({ refusal: 'No.' }), finishChunk('stop'), '[DONE]');
    expect(ofType(events, 'refusal', 'finish')).toMatchObject([{ text: 'No.' }, { finish: { reason: 'refusal' } }]);
  });

  it('keeps cut-off calls cut off', () => {
    const events = decodeChunks(
      call({ index: 0, id: 'c', function: { name: 'f', arguments: '{"a' } }),
      finishChunk('length'),
      '[DONE]',
    );
    expect(finishOf(events)).toMatchObject([{ finish: { reason: 'length' } }]);
  });

  it('tells several choices apart', () => {
    const other = (delta: JsonObject, rest: JsonObject = {}): JsonObject => ({
      id: 'i',
      choices: [{ index: 1, delta, ...rest }],
    });
    const events = decodeChunks(
      deltaChunk({ content: 'a' }),
      other({ content: 'b' }),
      finishChunk('stop'),
      other({}, { finish_reason: 'length' }),
      '[DONE]',
    );
    expect(ofType(events, 'text', 'finish')).toMatchObject([
      { text: 'a' },
      { text: 'b', choice: 1 },
      { finish: { reason: 'stop' } },
      { finish: { reason: 'length' }, choice: 1 },
    ]);
  });

  it.each<[string, string]>([
    ['cut off', sseOf(deltaChunk({ content: 'a' }))],
    [
      'one of two choices cut off',
      sseOf(deltaChunk({ content: 'a' }), {
        id: 'i',
        choices: [{ index: 1, delta: { content: 'b' }, finish_reason: 'stop' }],
      }),
    ],
    ['empty', ''],
    ['nothing but the marker', sseOf('[DONE]')],
    [
      'a frame that is no JSON',
      `${sseOf(deltaChunk({ content: 'a' }))}data: {"id"\n\n${sseOf(finishChunk('stop'), '[DONE]')}`,
    ],
    ['given up', sseOf(deltaChunk({ role: 'assistant' }), finishChunk('error'), '[DONE]')],
  ])('is an error and no success: %s', (_name, text) => {
    const events = decodeStream(Buffer.from(text));
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { fault: 'upstream' } });
    expect(ofType(events, 'finish', 'end', 'tool-call-end')).toEqual([]);
  });

  it('does without the marker once the finish was told', () => {
    expect(decodeChunks(deltaChunk({ content: 'a' }), finishChunk('stop')).at(-1)).toEqual({ type: 'end' });
  });

  it.each<[string, object]>([
    [
      'data: {"error":{"message":"died","type":"InternalServerError","param":null,"code":500}}',
      { fault: 'upstream', message: 'died' },
    ],
    [
      'data: {"object":"error","message":"died","type":"BadRequestError","code":400}',
      { fault: 'bad-request', message: 'died' },
    ],
    ['data: {"error":"died"}', { fault: 'upstream', message: 'died' }],
    [
      'data: [{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}]',
      { fault: 'overloaded', message: 'busy' },
    ],
    [
      'event: error\ndata: {"message":"slow down","type":"rate_limit_error"}',
      { fault: 'rate-limit', message: 'slow down' },
    ],
    ['data: {"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}', { fault: 'quota' }],
  ])('ends with the error of %s (S22)', (frame, error) => {
    const events = decodeStream(
      Buffer.from(`${sseOf(deltaChunk({ content: 'a' }))}${frame}\n\n${sseOf(finishChunk('stop'), '[DONE]')}`),
    );
    expect(events.at(-1)).toMatchObject({ type: 'error', error });
    expect(events.filter(({ type }) => type === 'finish' || type === 'end' || type === 'part-end')).toEqual([]);
  });

  it('says nothing once it has ended', () => {
    const decoder = new ChatStreamDecoder(decodeContext());
    const push = (data: string) => decoder.push({ event: null, data });
    expect(push(JSON.stringify(deltaChunk({ content: 'a' })))).toHaveLength(2);
    expect(push(' [DONE] ').at(-1)).toEqual({ type: 'end' });
    expect([push(JSON.stringify(finishChunk('stop'))), decoder.end()]).toEqual([[], []]);
  });

  it.each(['\n', '\r\n', '\r'])('reads the same from every split of the bytes with line end %j', (lineEnd) => {
    const text = sseOf(
      deltaChunk({ role: 'assistant', content: '' }),
      deltaChunk({ reasoning_content: 'Grüße \u2028 🌍' }),
      deltaChunk({ content: 'Größe: 3' }),
      call({ index: 0, id: 'c1', function: { name: 'f', arguments: '{"ä":' } }),
      call({ index: 0, function: { arguments: '"🌍"}' } }),
      finishChunk('tool_calls'),
      { id: 'chatcmpl-1', choices: [], usage: { prompt_tokens: 3, completion_tokens: 9 } },
      '[DONE]',
    );
    const bytes = Buffer.from(`: hello\n\n${text}`.replaceAll('\n', lineEnd));
    const expected = decodeStream(Buffer.from(text));
    expect(callsOf(expected)).toEqual([{ id: 'c1', name: 'f', text: '{"ä":"🌍"}', ended: 1 }]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
        expect(decodeStream(bytes, cuts)).toEqual(expected);
      }),
    );
  });
});
