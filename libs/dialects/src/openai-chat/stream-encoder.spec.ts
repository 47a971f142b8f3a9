import { describe, expect, it } from '@jest/globals';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import { openSignature } from '../canonical/signature-envelope.ts';
import { NO_USAGE } from '../canonical/canonical-usage.ts';
import { reasoningCheck } from './reasoning-check.ts';
import type { ChatChunk, ChatDelta } from './schema.ts';
import { ChatStreamEncoder } from './stream-encoder.ts';
import { answerContext, decodeStream } from './testing/chat-fixture.ts';

const START: CanonicalEvent = { type: 'start', id: 'msg_1', model: 'upstream', created: 5 };
const END: CanonicalEvent = { type: 'end' };
const SIGNATURE = { dialect: 'gemini', modelGroup: 'g', value: 's' } as const;
const finish = (
  reason: 'stop' | 'tool-calls' | 'refusal' | 'length' | 'context-length',
  explanation?: string,
): CanonicalEvent => ({
  type: 'finish',
  finish: { reason, ...(explanation !== undefined && { explanation }) },
});
const callStart = (key: string, name: string): CanonicalEvent => ({
  type: 'tool-call-start',
  key,
  id: `id_${key}`,
  name,
  kind: 'function',
});

function encode(events: readonly CanonicalEvent[], body: JsonObject = {}): string {
  const encoder = new ChatStreamEncoder(answerContext(body));
  return events.map((event) => encoder.push(event)).join('');
}
/** The chunks of a stream that ends well. */
function chunksOf(events: readonly CanonicalEvent[], body: JsonObject = {}): readonly ChatChunk[] {
  const frames = encode(events, body).split('\n\n');
  expect(frames.slice(-2)).toEqual(['data: [DONE]', '']);
  return frames.slice(0, -2).map((frame) => JSON.parse(frame.replace(/^data: /, '')) as ChatChunk);
}
const deltasOf = (chunks: readonly ChatChunk[]): readonly ChatDelta[] =>
  chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
const finishesOf = (chunks: readonly ChatChunk[]) => chunks.map(({ choices }) => choices[0]?.finish_reason ?? null);

describe('ChatStreamEncoder', () => {
  it('writes role, text, finish and marker, all under one identity', () => {
    const chunks = chunksOf([
      START,
      { type: 'text', key: 't', text: 'a' },
      { type: 'part-end', key: 't' },
      finish('stop'),
      END,
    ]);
    const common = { id: 'chatcmpl-madeup001', object: 'chat.completion.chunk', created: 5, model: 'alias' };
    expect(chunks).toEqual([
      {
        ...common,
        choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
      },
      { ...common, choices: [{ index: 0, delta: { content: 'a' }, logprobs: null, finish_reason: null }] },
      { ...common, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }] },
    ]);
  });

  it('writes usage last, and null before, if it was asked for (S17, S19)', () => {
    const usage = { ...NO_USAGE, inputUncached: 43, output: 1 };
    const events: CanonicalEvent[] = [
      START,
      { type: 'usage', usage },
      { type: 'usage', usage: { inputUncached: 61 } },
      finish('stop'),
      { type: 'usage', usage: { output: 9 } },
      END,
    ];
    const asked = chunksOf(events, { stream_options: { include_usage: true } });
    expect(asked.map((chunk) => chunk.usage)).toMatchObject([
      null,
      null,
      { prompt_tokens: 61, completion_tokens: 9, total_tokens: 70 },
    ]);
    expect(asked.at(-1)?.choices).toEqual([]);
    const unasked = chunksOf(events);
    expect([unasked.length, unasked.some((chunk) => 'usage' in chunk)]).toEqual([2, false]);
  });

  it('numbers calls from 0 in the order in which they come (S08, S10)', () => {
    const chunks = chunksOf([
      START,
      callStart('b', 'g'),
      callStart('a', 'f'),
      { type: 'tool-call-arguments', key: 'a', text: '{"x":1}' },
      { type: 'tool-call-arguments', key: 'b', text: '{"y":2}' },
      { type: 'tool-call-end', key: 'b' },
      { type: 'tool-call-end', key: 'a' },
      finish('tool-calls'),
      END,
    ]);
    expect(deltasOf(chunks).flatMap((delta) => delta.tool_calls ?? [])).toEqual([
      { index: 0, id: 'id_b', type: 'function', function: { name: 'g', arguments: '' } },
      { index: 1, id: 'id_a', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 1, function: { arguments: '{"x":1}' } },
      { index: 0, function: { arguments: '{"y":2}' } },
    ]);
    expect(finishesOf(chunks).at(-1)).toBe('tool_calls');
  });

  it.each([[[{ type: 'tool-call-end', key: 'a' } as const]], [[]]])(
    'ends a call without arguments as {} (S29)',
    (ends) => {
      const chunks = chunksOf([START, callStart('a', 'f'), ...ends, finish('tool-calls'), END]);
      expect(deltasOf(chunks).at(-2)).toEqual({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] });
      expect(finishesOf(chunks).filter((reason) => reason !== null)).toEqual(['tool_calls']);
    },
  );

  it('writes custom calls as such', () => {
    const start: CanonicalEvent = { type: 'tool-call-start', key: 'a', id: 'i', name: 'sql', kind: 'custom' };
    const chunks = chunksOf([
      START,
      start,
      { type: 'tool-call-arguments', key: 'a', text: 'SELECT 1' },
      finish('tool-calls'),
      END,
    ]);
    expect(deltasOf(chunks).slice(1, 3)).toEqual([
      { tool_calls: [{ index: 0, id: 'i', type: 'custom', custom: { name: 'sql', input: '' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'SELECT 1' } }] },
    ]);
  });

  it('writes the old function_call to a caller of functions', () => {
    const events: CanonicalEvent[] = [
      START,
      callStart('a', 'f'),
      { type: 'tool-call-arguments', key: 'a', text: '{}' },
      callStart('b', 'g'),
      finish('tool-calls'),
      END,
    ];
    const chunks = chunksOf(events, { functions: [{ name: 'f', parameters: {} }] });
    expect(deltasOf(chunks).slice(1)).toEqual([
      { function_call: { name: 'f', arguments: '' } },
      { function_call: { arguments: '{}' } },
      {},
    ]);
    expect(finishesOf(chunks).at(-1)).toBe('function_call');
  });

  it('writes reasoning in both fields, and signatures in their envelopes', () => {
    const chunks = chunksOf([
      START,
      { type: 'reasoning', key: 'r', text: 'hm' },
      { type: 'reasoning-signature', key: 'r', signature: SIGNATURE },
      { type: 'reasoning-signature', key: 'q', signature: SIGNATURE, redacted: true },
      { ...callStart('a', 'f'), signature: SIGNATURE } as CanonicalEvent,
      { type: 'text-signature', key: 't', signature: SIGNATURE },
      finish('tool-calls'),
      END,
    ]);
    const deltas = deltasOf(chunks);
    expect(deltas[1]).toEqual({
      reasoning_content: 'hm',
      reasoning_details: [{ type: 'reasoning.text', text: 'hm', format: 'unknown', index: 0 }],
    });
    const details = deltas.slice(2, 4).flatMap((delta) => delta.reasoning_details ?? []);
    expect(details).toMatchObject([
      { type: 'reasoning.text', text: '', id: reasoningCheck('hm'), index: 0 },
      { type: 'reasoning.encrypted', index: 1 },
    ]);
    const sealed = details.map((detail) => (detail.type === 'reasoning.text' ? detail.signature : detail.data));
    expect(sealed.map((text) => openSignature(text ?? ''))).toEqual([SIGNATURE, SIGNATURE]);
    const google = { google: { thought_signature: sealed[0] } };
    expect(deltas[4]?.tool_calls?.[0]?.extra_content).toEqual(google);
    expect(deltas[5]).toEqual({ extra_content: google });
  });

  it('hides reasoning that the caller does not want to read, not its signature', () => {
    const events: CanonicalEvent[] = [
      START,
      { type: 'reasoning', key: 'r', text: 'hm' },
      { type: 'reasoning-signature', key: 'r', signature: SIGNATURE },
      finish('stop'),
      END,
    ];
    const text = encode(events, { include_reasoning: false });
    expect([text.includes('hm'), text.includes('gw1:')]).toEqual([false, true]);
  });

  it('writes an explained refusal as a filtered one (S28, N07), and one in words as such', () => {
    const explained = chunksOf([START, finish('refusal', 'No.'), END]);
    expect([deltasOf(explained)[1], finishesOf(explained).at(-1)]).toEqual([{ refusal: 'No.' }, 'content_filter']);
    const inWords = chunksOf([START, { type: 'refusal', key: 'x', text: 'No.' }, finish('refusal'), END]);
    expect([deltasOf(inWords)[1], finishesOf(inWords).at(-1)]).toEqual([{ refusal: 'No.' }, 'stop']);
  });

  it('writes where text comes from', () => {
    const chunks = chunksOf([
      START,
      { type: 'text', key: 't', text: 'abc' },
      { type: 'citation', key: 't', citation: { url: 'https://a.example', title: 'A' } },
      { type: 'citation', key: 't', citation: { native: { dialect: 'anthropic', value: {} } } },
      finish('stop'),
      END,
    ]);
    const source = { url: 'https://a.example', title: 'A', start_index: 0, end_index: 3 };
    expect(deltasOf(chunks).slice(2)).toEqual([{ annotations: [{ type: 'url_citation', url_citation: source }] }, {}]);
  });

  it('keeps the line open with comments (S20)', () => {
    expect(encode([START, { type: 'ping' }])).toMatch(/\n\n: ping\n\n$/);
  });

  it('ends with an error and no marker, and hides what is none of the caller’s business', () => {
    const error = { fault: 'upstream', message: 'secret host', type: null, code: null, param: null } as const;
    const text = encode([START, { type: 'error', error }, finish('stop'), END]);
    const last = text.trimEnd().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({
      error: { type: 'server_error', code: 'upstream_error', param: null },
    });
    expect([text.includes('[DONE]'), text.includes('secret')]).toEqual([false, false]);
  });

  it('begins each choice with its role and ends each with its reason', () => {
    const chunks = chunksOf([
      START,
      { type: 'text', key: 'a', text: 'x' },
      { type: 'text', key: 'b', text: 'y', choice: 1 },
      finish('stop'),
      { type: 'finish', finish: { reason: 'context-length' }, choice: 1 },
      END,
    ]);
    const ofSecond = chunks.flatMap(({ choices }) => choices).filter(({ index }) => index === 1);
    expect(ofSecond.map(({ delta }) => delta)).toEqual([{ role: 'assistant', content: '' }, { content: 'y' }, {}]);
    expect(ofSecond.at(-1)?.finish_reason).toBe('length');
  });

  it('writes what the decoder of the same dialect reads again', () => {
    const events: CanonicalEvent[] = [
      { type: 'start', id: 'chatcmpl-7', model: 'alias', created: 5 },
      { type: 'reasoning', key: 'reasoning0.0', text: 'hm' },
      { type: 'part-end', key: 'reasoning0.0' },
      { type: 'text', key: 'text0.1', text: 'Grüße 🌍' },
      { type: 'part-end', key: 'text0.1' },
      { type: 'tool-call-start', key: 'call0.0', id: 'c1', name: 'f', kind: 'function' },
      { type: 'tool-call-arguments', key: 'call0.0', text: '{"a":1}' },
      { type: 'tool-call-end', key: 'call0.0' },
      finish('tool-calls'),
      END,
    ];
    expect(decodeStream(Buffer.from(encode(events)))).toEqual(events);
  });
});
