import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import { sseFrame } from '../sse/sse-event.ts';
import { SseParser } from '../sse/sse-parser.ts';
import { AnthropicStreamDecoder } from './stream-decoder.ts';

type WireEvent = { readonly type: string; readonly [field: string]: unknown };

const origin = { dialect: 'anthropic', modelGroup: 'g' } as const;
const sse = (...events: WireEvent[]): string =>
  events.map((event) => sseFrame(JSON.stringify(event), event.type)).join('');

function decode(text: string | Buffer, cuts: readonly number[] = []): CanonicalEvent[] {
  const bytes = Buffer.from(text);
  const parser = new SseParser();
  const decoder = new AnthropicStreamDecoder({ origin, createId: () => 'Abc123xyz' });
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  const frames = edges.slice(1).flatMap((edge, index) => parser.push(bytes.subarray(edges[index], edge)));
  return [...[...frames, ...parser.end()].flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

const usage = {
  input_tokens: 43,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 7,
  cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
  output_tokens: 1,
  service_tier: 'standard',
};
const start = (id = 'msg_1'): WireEvent => ({
  type: 'message_start',
  message: { id, type: 'message', role: 'assistant', model: 'claude-x', content: [], stop_reason: null, usage },
});
const block = (index: number, content_block: object): WireEvent => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, value: object): WireEvent => ({ type: 'content_block_delta', index, delta: value });
const stop = (index: number): WireEvent => ({ type: 'content_block_stop', index });
const finish = (stop_reason: string, more: object = {}): WireEvent => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null, ...more },
  usage: { output_tokens: 15 },
});
const end: WireEvent = { type: 'message_stop' };
const ofType = (events: readonly CanonicalEvent[], type: CanonicalEvent['type']) =>
  events.filter((event) => event.type === type);
const reasonOf = (events: readonly CanonicalEvent[]) => events.find((event) => event.type === 'finish')?.finish.reason;

const whole = sse(
  start(),
  { type: 'ping' },
  block(0, { type: 'thinking', thinking: '', signature: '' }),
  delta(0, { type: 'thinking_delta', thinking: 'Hmm 🤔' }),
  delta(0, { type: 'signature_delta', signature: 'Eq==' }),
  stop(0),
  block(1, { type: 'text', text: '' }),
  delta(1, { type: 'text_delta', text: 'Grüße\u2028' }),
  delta(1, { type: 'text_delta', text: '' }),
  stop(1),
  block(2, { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }),
  delta(2, { type: 'input_json_delta', partial_json: '' }),
  delta(2, { type: 'input_json_delta', partial_json: '{"a":' }),
  delta(2, { type: 'input_json_delta', partial_json: '1}' }),
  stop(2),
  finish('tool_use'),
  end,
);

describe('AnthropicStreamDecoder', () => {
  const expected: CanonicalEvent[] = [
    { type: 'start', id: 'msg_1', model: 'claude-x' },
    { type: 'usage', usage: { inputUncached: 43, cacheRead: 7, cacheWrite5m: 10, cacheWrite1h: 20, output: 1 } },
    { type: 'ping' },
    { type: 'reasoning', key: '0', text: 'Hmm 🤔' },
    { type: 'reasoning-signature', key: '0', signature: { ...origin, value: 'Eq==' } },
    { type: 'part-end', key: '0' },
    { type: 'text', key: '1', text: 'Grüße\u2028' },
    { type: 'part-end', key: '1' },
    { type: 'tool-call-start', key: '2', id: 'toolu_1', name: 'f', kind: 'function' },
    { type: 'tool-call-arguments', key: '2', text: '{"a":' },
    { type: 'tool-call-arguments', key: '2', text: '1}' },
    { type: 'tool-call-end', key: '2' },
    { type: 'usage', usage: { inputUncached: 43, cacheRead: 7, cacheWrite5m: 10, cacheWrite1h: 20, output: 15 } },
    { type: 'finish', finish: { reason: 'tool-calls' }, serviceTier: 'default' },
    { type: 'end' },
  ];

  it.each(['\n', '\r\n', '\r'])('reads the same from every split of the bytes with line end %j (S37)', (lineEnd) => {
    const bytes = Buffer.from(whole.replaceAll('\n', lineEnd));
    expect(decode(bytes, [...bytes.keys()])).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        expect(decode(bytes, cuts)).toEqual(expected);
      }),
    );
  });

  it('reports a stream that is cut off anywhere before its end as an error, and nothing after it', () => {
    const frames = whole.split('\n\n').slice(0, -1);
    for (let length = 0; length < frames.length; length += 1) {
      const events = decode(`${frames.slice(0, length).join('\n\n')}\n\n`);
      expect(events.at(-1)).toMatchObject({ type: 'error', error: { fault: 'upstream' } });
      expect(ofType(events, 'finish')).toEqual([]);
    }
  });

  it('takes the last event without its blank line (S38)', () => {
    expect(decode(whole.trimEnd())).toEqual(expected);
  });

  it('lets the later report of the input override the first (S19)', () => {
    const report = { input_tokens: 61, cache_read_input_tokens: null, output_tokens: 9 };
    const events = decode(sse(start(), { ...finish('end_turn'), usage: report }, end));
    expect(ofType(events, 'usage').at(-1)).toEqual({
      type: 'usage',
      usage: { inputUncached: 61, cacheRead: 7, cacheWrite5m: 10, cacheWrite1h: 20, output: 9 },
    });
  });

  it('does not count the cache twice when the total comes without its split', () => {
    const report = { cache_creation_input_tokens: 30, output_tokens: 9 };
    const events = decode(sse(start(), { ...finish('end_turn'), usage: report }, end));
    expect(ofType(events, 'usage').at(-1)).toMatchObject({ usage: { cacheWrite5m: 10, cacheWrite1h: 20 } });
  });

  it('ignores a second start of the same message (S26) and refuses that of another', () => {
    expect(ofType(decode(sse(start(), start(), finish('end_turn'), end)), 'start')).toHaveLength(1);
    const call = block(0, { type: 'tool_use', id: 't', name: 'f', input: {} });
    const spliced = decode(sse(start(), call, start('msg_2'), stop(0), finish('tool_use'), end));
    expect(spliced.map(({ type }) => type)).toEqual(['start', 'usage', 'tool-call-start', 'error']);
  });

  it('reads a refusal, which has no blocks (S28)', () => {
    const stop_details = { type: 'refusal', category: 'cyber', explanation: 'No.' };
    const events = decode(sse(start(), { type: 'ping' }, finish('refusal', { stop_details }), end));
    expect(events.find((event) => event.type === 'finish')?.finish).toEqual({ reason: 'refusal', explanation: 'No.' });
  });

  it('reads a call without arguments (S29) and one that comes whole', () => {
    const tool = (input: object) => block(0, { type: 'tool_use', id: 't', name: 'f', input });
    expect(ofType(decode(sse(start(), tool({}), stop(0), finish('tool_use'), end)), 'tool-call-arguments')).toEqual([]);
    expect(
      ofType(decode(sse(start(), tool({ a: 1 }), stop(0), finish('tool_use'), end)), 'tool-call-arguments'),
    ).toEqual([{ type: 'tool-call-arguments', key: '0', text: '{"a":1}' }]);
  });

  it('makes up the id of a call that has none', () => {
    const call = block(0, { type: 'tool_use', name: 'f', input: {} });
    expect(decode(sse(start(), call, stop(0), finish('tool_use'), end))).toContainEqual(
      expect.objectContaining({ type: 'tool-call-start', id: 'Abc123xyz' }),
    );
  });

  it('keeps the reason that was given first (S31)', () => {
    expect(reasonOf(decode(sse(start(), finish('max_tokens'), { ...finish('end_turn') }, end)))).toBe('length');
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop-sequence'],
    ['tool_use', 'stop'],
    ['pause_turn', 'pause'],
    ['model_context_window_exceeded', 'context-length'],
    ['something_new', 'stop'],
    ['constructor', 'stop'],
  ])('reads the reason %s of an answer without calls as %s', (reason, expectedReason) => {
    expect(reasonOf(decode(sse(start(), finish(reason), end)))).toBe(expectedReason);
  });

  it('names the sequence that stopped it', () => {
    const events = decode(sse(start(), finish('stop_sequence', { stop_sequence: 'END' }), end));
    expect(events).toContainEqual(
      expect.objectContaining({ finish: { reason: 'stop-sequence', stopSequence: 'END' } }),
    );
  });

  it('ends open calls at the end, and tells blocks apart that share an index', () => {
    const call = (id: string) => block(0, { type: 'tool_use', id, name: 'f', input: {} });
    const events = decode(sse(start(), call('a'), call('b'), finish('tool_use'), end));
    expect(
      events.filter(({ type }) => type.startsWith('tool-call')).map((event) => 'key' in event && event.key),
    ).toEqual(['0', '0', '1', '1']);
  });

  it('passes over what only Anthropic has: server tools, unknown blocks and events', () => {
    const events = decode(
      sse(
        start(),
        block(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
        delta(0, { type: 'input_json_delta', partial_json: '{"query":1}' }),
        stop(0),
        block(1, { type: 'fallback' }),
        stop(1),
        { type: 'something_new' },
        block(2, { type: 'text', text: 'a' }),
        delta(2, { type: 'new_delta', x: 1 }),
        stop(2),
        finish('end_turn'),
        end,
      ),
    );
    expect(events.map(({ type }) => type)).toEqual(['start', 'usage', 'text', 'part-end', 'usage', 'finish', 'end']);
  });

  it('places citations in the text of the whole answer', () => {
    const citation = { type: 'web_search_result_location', url: 'https://x', title: 'X', cited_text: 'c' };
    const events = decode(
      sse(
        start(),
        block(0, { type: 'text', text: 'abc' }),
        stop(0),
        block(1, { type: 'text', text: '' }),
        delta(1, { type: 'text_delta', text: 'de' }),
        delta(1, { type: 'citations_delta', citation }),
        stop(1),
        finish('end_turn'),
        end,
      ),
    );
    expect(ofType(events, 'citation')).toEqual([
      {
        type: 'citation',
        key: '1',
        citation: {
          url: 'https://x',
          title: 'X',
          startIndex: 3,
          endIndex: 5,
          native: { dialect: 'anthropic', value: citation },
        },
      },
    ]);
  });

  it('reads redacted thinking', () => {
    const events = decode(
      sse(start(), block(0, { type: 'redacted_thinking', data: 'R' }), stop(0), finish('end_turn'), end),
    );
    expect(events).toContainEqual({
      type: 'reasoning-signature',
      key: '0',
      signature: { ...origin, value: 'R' },
      redacted: true,
    });
  });

  it('takes text whose block was never begun, but no arguments of a call without a name', () => {
    const text = decode(sse(start(), delta(0, { type: 'text_delta', text: 'x' }), finish('end_turn'), end));
    expect(ofType(text, 'text')).toHaveLength(1);
    const call = decode(
      sse(start(), delta(0, { type: 'input_json_delta', partial_json: '{}' }), finish('end_turn'), end),
    );
    expect(call.at(-1)).toMatchObject({ type: 'error' });
  });

  it('reports an error of the upstream once (S25) and takes broken JSON for one', () => {
    const error: WireEvent = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(decode(sse(error, end))).toEqual([
      {
        type: 'error',
        error: { fault: 'overloaded', message: 'Overloaded', type: 'overloaded_error', code: null, param: null },
      },
    ]);
    expect(decode(`${sse(start())}event: content_block_delta\ndata: {"type":\n\n${sse(end)}`).at(-1)).toMatchObject({
      type: 'error',
      error: { fault: 'upstream' },
    });
  });

  it("passes over OpenAI's end marker", () => {
    expect(decode(`${whole}data: [DONE]\n\n`)).toEqual(expected);
    expect(decode(`${sse(start(), finish('end_turn'))}data: [DONE] \n\n`).at(-1)).toMatchObject({ type: 'error' });
  });
});
