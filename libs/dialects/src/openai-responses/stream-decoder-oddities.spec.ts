import { describe, expect, it } from '@jest/globals';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import {
  origin,
  decodeText,
  decode,
  response,
  created,
  inProgress,
  completed,
  started,
  finished,
  item,
  textDelta,
  callItem,
  argumentsDelta,
  start,
  pieces,
  ordinary,
  ordinaryEvents,
} from './testing/response-stream.ts';

describe('ResponsesStreamDecoder, of what providers send besides', () => {
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
});
