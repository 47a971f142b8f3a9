import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import { openSignature } from '../canonical/signature-envelope.ts';
import { SseParser } from '../sse/sse-parser.ts';
import { decodeRequest } from './decode-request.ts';
import { AnthropicStreamEncoder } from './stream-encoder.ts';

type Wire = JsonObject & { readonly type: string };

const requestWith = (extra: JsonObject = {}) =>
  decodeRequest({ model: 'alias', max_tokens: 9, messages: [{ role: 'user', content: 'x' }], ...extra });

function encoderFor(extra?: JsonObject): AnthropicStreamEncoder {
  let count = 0;
  const createId = (): string => `id00000${String((count += 1)).padStart(2, '0')}`;
  const request = requestWith(extra);
  return new AnthropicStreamEncoder({
    requestId: 'req_1',
    model: 'alias',
    created: 0,
    request,
    estimatedInputTokens: 33,
    createId,
  });
}

function encode(events: readonly CanonicalEvent[], extra?: JsonObject): Wire[] {
  const encoder = encoderFor(extra);
  const text = events.map((event) => encoder.push(event)).join('');
  const parser = new SseParser();
  return [...parser.push(Buffer.from(text)), ...parser.end()].map(({ event, data }) => {
    const value = JSON.parse(data) as Wire;
    // Official clients see nothing of an event without its name.
    expect(event).toBe(value.type);
    return value;
  });
}

const start: CanonicalEvent = { type: 'start', id: 'chatcmpl-1', model: 'real' };
const text = (value: string, key = 't'): CanonicalEvent => ({ type: 'text', key, text: value });
const reasoning = (value: string, key = 'r'): CanonicalEvent => ({ type: 'reasoning', key, text: value });
const call = (key: string): CanonicalEvent => ({
  type: 'tool-call-start',
  key,
  id: `id_${key}`,
  name: `f_${key}`,
  kind: 'function',
});
const args = (key: string, value: string): CanonicalEvent => ({ type: 'tool-call-arguments', key, text: value });
const callEnd = (key: string): CanonicalEvent => ({ type: 'tool-call-end', key });
const finish = (reason: 'stop' | 'length' | 'tool-calls' | 'refusal' | 'content-filter' = 'stop'): CanonicalEvent => ({
  type: 'finish',
  finish: { reason },
});
const usage: CanonicalEvent = {
  type: 'usage',
  usage: { inputUncached: 10, cacheRead: 100, cacheWrite5m: 20, cacheWrite1h: 0, output: 5 },
};
const end: CanonicalEvent = { type: 'end' };

/** The message that a client puts together, as official SDKs do it: blocks by contiguous index, arguments parsed at the end. */
function assemble(events: readonly Wire[]) {
  const blocks: { type: string; [field: string]: unknown }[] = [];
  const open = new Set<number>();
  for (const event of events) {
    const index = event['index'] as number;
    if (event.type === 'content_block_start') {
      expect(index).toBe(blocks.length);
      expect(open.size).toBe(0);
      open.add(index);
      blocks.push({ ...(event['content_block'] as { type: string }), json: '' });
    } else if (event.type === 'content_block_delta') {
      expect(open.has(index)).toBe(true);
      const delta = event['delta'] as Record<string, string>;
      const block = blocks[index]!;
      if (delta['type'] === 'text_delta') block['text'] = `${String(block['text'])}${delta['text']}`;
      if (delta['type'] === 'thinking_delta') block['thinking'] = `${String(block['thinking'])}${delta['thinking']}`;
      if (delta['type'] === 'signature_delta') block['signature'] = delta['signature'];
      if (delta['type'] === 'input_json_delta') block['json'] = `${String(block['json'])}${delta['partial_json']}`;
    } else if (event.type === 'content_block_stop') {
      expect(open.delete(index)).toBe(true);
    }
  }
  expect(open.size).toBe(0);
  return blocks.map(({ json, ...block }) =>
    block.type === 'tool_use' && json !== '' ? { ...block, input: JSON.parse(json as string) as unknown } : block,
  );
}

const typesOf = (events: readonly Wire[]) => events.map(({ type }) => type);

describe('AnthropicStreamEncoder', () => {
  it('writes a text exactly as the SDK types it', () => {
    expect(encode([start, text('Hi'), text('!'), { type: 'part-end', key: 't' }, finish(), usage, end])).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'msg_id0000001id0000002',
          type: 'message',
          role: 'assistant',
          model: 'alias',
          container: null,
          diagnostics: null,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          stop_details: null,
          usage: {
            input_tokens: 33,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
            cache_creation: null,
            output_tokens: 0,
            output_tokens_details: null,
            server_tool_use: null,
            service_tier: null,
            inference_geo: null,
            speed: null,
          },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '!' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { container: null, stop_reason: 'end_turn', stop_sequence: null, stop_details: null },
        usage: {
          input_tokens: 10,
          cache_creation_input_tokens: 20,
          cache_read_input_tokens: 100,
          output_tokens: 5,
          output_tokens_details: null,
          server_tool_use: null,
        },
      },
      { type: 'message_stop' },
    ]);
  });

  it('waits for content before it begins the message', () => {
    const encoder = encoderFor();
    expect(
      [start, usage, text(''), reasoning(''), { type: 'part-end', key: 't' } as const].map((event) =>
        encoder.push(event),
      ),
    ).toEqual(['', '', '', '', '']);
    expect(encoder.push(text('x'))).toMatch(/^event: message_start\n.*"input_tokens":10,/);
  });

  it('writes reasoning before text and no empty text block (S01)', () => {
    const blocks = assemble(encode([start, text(''), reasoning('r'), text('t'), finish(), end]));
    expect(blocks).toEqual([
      { type: 'thinking', thinking: 'r', signature: 'gw1:unsigned' },
      { type: 'text', text: 't', citations: null },
    ]);
    // What stands in for a signature is none that could ever be sent to a vendor.
    expect(openSignature('gw1:unsigned')).toBeNull();
  });

  it('writes a call first, without text and without empty pieces (S02)', () => {
    const events = encode([
      start,
      text(''),
      call('a'),
      args('a', ''),
      args('a', '{"x":'),
      args('a', '1}'),
      callEnd('a'),
      finish(),
      end,
    ]);
    expect(typesOf(events)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(assemble(events)).toEqual([
      { type: 'tool_use', id: 'id_a', name: 'f_a', input: { x: 1 }, caller: { type: 'direct' } },
    ]);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });

  it('signs thinking right before its block stops', () => {
    const signature = { dialect: 'anthropic', modelGroup: 'g', value: 'S' } as const;
    const events = encode([
      start,
      reasoning('r'),
      { type: 'reasoning-signature', key: 'r', signature },
      text('t'),
      finish(),
      end,
    ]);
    expect(typesOf(events).slice(1, 6)).toEqual([
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
    ]);
    expect(openSignature(assemble(events)[0]?.['signature'] as string)).toEqual(signature);
  });

  it('keeps only the signature for a caller who does not want to read', () => {
    const signature = { dialect: 'gemini', modelGroup: 'g', value: 'S' } as const;
    const omitted = { thinking: { type: 'adaptive', display: 'omitted' } };
    const signed = encode(
      [start, reasoning('secret'), { type: 'reasoning-signature', key: 'r', signature }, text('t'), finish(), end],
      omitted,
    );
    expect(assemble(signed)).toMatchObject([{ type: 'thinking', thinking: '' }, { type: 'text' }]);
    expect(assemble(encode([start, reasoning('secret'), text('t'), finish(), end], omitted))).toMatchObject([
      { type: 'text' },
    ]);
  });

  it('writes redacted thinking as one block', () => {
    const signature = { dialect: 'anthropic', modelGroup: 'g', value: 'S' } as const;
    const blocks = assemble(
      encode([start, { type: 'reasoning-signature', key: 'r', signature, redacted: true }, finish(), end]),
    );
    expect(openSignature(blocks[0]?.['data'] as string)).toEqual(signature);
  });

  it("carries Gemini's signature of a call in front of it, where the request decoder finds it again", () => {
    const signature = { dialect: 'gemini', modelGroup: 'g', value: 'S' } as const;
    const signed = { ...call('a'), signature } as CanonicalEvent;
    const content = assemble(encode([start, reasoning('r'), signed, args('a', '{}'), callEnd('a'), finish(), end]));
    expect(content.map(({ type }) => type)).toEqual(['thinking', 'thinking', 'tool_use']);
    const { turns } = requestWith({ messages: [{ role: 'assistant', content: content as unknown as JsonObject[] }] });
    expect(turns[0]?.parts).toMatchObject([
      { type: 'reasoning', text: 'r' },
      { type: 'tool-call', signature },
    ]);
  });

  it('lets calls that come interleaved follow each other', () => {
    const events = encode([
      start,
      call('a'),
      call('b'),
      args('b', '{"n":'),
      args('a', '{}'),
      text('amid'),
      args('b', '2}'),
      call('c'),
      callEnd('b'),
      callEnd('a'),
      args('c', '{"n":3}'),
      finish('tool-calls'),
      usage,
      end,
    ]);
    expect(assemble(events)).toMatchObject([
      { name: 'f_a', input: {} },
      { name: 'f_b', input: { n: 2 } },
      { type: 'text', text: 'amid' },
      { name: 'f_c', input: { n: 3 } },
    ]);
  });

  it.each([
    ['', {}],
    ['   ', {}],
    [' {"a":1}', { a: 1 }],
    ['null', { value: null }],
    ['"{}"', { value: '{}' }],
    ['nonsense', { _raw: 'nonsense' }],
  ])('makes an object of the arguments %j', (value, expected) => {
    const pieces = value.split('').map((piece) => args('a', piece));
    expect(assemble(encode([start, call('a'), ...pieces, callEnd('a'), finish(), end]))[0]?.['input']).toEqual(
      expected,
    );
  });

  it('wraps the bare input of a custom tool, wherever its characters are cut', () => {
    const custom = { ...call('a'), kind: 'custom' } as CanonicalEvent;
    const pieces = 'a"b\n🌍'.split('').map((piece) => args('a', piece));
    const [block] = assemble(encode([start, custom, ...pieces, callEnd('a'), finish(), end]));
    expect(block?.['input']).toEqual({ input: 'a"b\n🌍' });
  });

  it.each([
    [finish('length'), { stop_reason: 'max_tokens', stop_sequence: null, stop_details: null }],
    [finish('tool-calls'), { stop_reason: 'end_turn' }],
    [
      finish('content-filter'),
      { stop_reason: 'refusal', stop_details: { type: 'refusal', category: null, explanation: null } },
    ],
    [
      { type: 'finish', finish: { reason: 'refusal', explanation: 'No.' } },
      { stop_reason: 'refusal', stop_details: { explanation: 'No.' } },
    ],
    [
      { type: 'finish', finish: { reason: 'stop-sequence', stopSequence: 'END' } },
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    ],
    [{ type: 'finish', finish: { reason: 'context-length' } }, { stop_reason: 'model_context_window_exceeded' }],
    [{ type: 'finish', finish: { reason: 'pause' } }, { stop_reason: 'pause_turn' }],
  ] as const)('ends after %j without content', (event, expected) => {
    const events = encode([start, event, end]);
    expect(typesOf(events)).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(events[1]?.['delta']).toMatchObject(expected);
  });

  it('ends with an error frame and no stop (S22), whatever comes after', () => {
    const fault = { fault: 'upstream', message: 'engine died', type: null, code: null, param: null } as const;
    const events = encode([start, text('t'), { type: 'error', error: fault }, finish(), end]);
    expect(typesOf(events).slice(-2)).toEqual(['content_block_delta', 'error']);
    expect(events.at(-1)).toEqual({
      type: 'error',
      error: { type: 'api_error', message: 'The upstream reported an error.' },
      request_id: 'req_1',
    });
  });

  it("shows the vendor's message of a caller's own mistake, in words that agents know", () => {
    const fault = { fault: 'context-length', message: 'Too long.', type: null, code: null, param: null } as const;
    expect(encode([{ type: 'error', error: fault }])[0]?.['error']).toEqual({
      type: 'invalid_request_error',
      message: 'prompt is too long: Too long.',
    });
  });

  it('keeps an id of Anthropic, passes pings and leaves out other choices', () => {
    const events = encode([
      { ...start, id: 'msg_up' } as CanonicalEvent,
      { type: 'ping' },
      { type: 'text', key: 'x', text: 'second', choice: 1 },
      text('first'),
      { type: 'finish', finish: { reason: 'length' }, choice: 1 },
      finish(),
      end,
      end,
    ]);
    expect(typesOf(events).slice(0, 2)).toEqual(['ping', 'message_start']);
    expect(events[1]).toMatchObject({ message: { id: 'msg_up' } });
    expect(assemble(events)).toMatchObject([{ text: 'first' }]);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' } });
  });

  it('gives every part whole, in the order of their beginnings, however they are mixed', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const step = fc.record({ key: fc.constantFrom(...keys), text: fc.string({ minLength: 1, maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.constantFrom(...keys), (steps, plainKey) => {
        const seen = new Set<string>();
        const pieces = new Map<string, string>();
        const events = steps.flatMap(({ key, text: value }): CanonicalEvent[] => {
          pieces.set(key, (pieces.get(key) ?? '') + value);
          if (key === plainKey) return [text(value, key)];
          const first = seen.has(key) ? [] : [call(key), args(key, '{"v":"')];
          seen.add(key);
          return [...first, args(key, JSON.stringify(value).slice(1, -1))];
        });
        const ends = [...seen].flatMap((key) => [args(key, '"}'), callEnd(key)]);
        const blocks = assemble(encode([start, ...events, ...ends, finish(), end]));
        const calls = blocks.filter(({ type }) => type === 'tool_use');
        expect(calls.map((block) => [block['id'], (block['input'] as { v: string }).v])).toEqual(
          [...seen].map((key) => [`id_${key}`, pieces.get(key)]),
        );
        const plain = blocks.flatMap((block) => (block.type === 'text' ? [block['text']] : []));
        expect(plain.join('')).toBe(pieces.get(plainKey) ?? '');
      }),
    );
  });
});
