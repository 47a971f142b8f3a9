import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MessagesStreamReader } from './messages-stream-reader.ts';

const frame = (value: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const usage = { input_tokens: 12, cache_read_input_tokens: 4, cache_creation_input_tokens: 3, output_tokens: 1 };
const start = frame({ type: 'message_start', message: { id: 'msg_1', content: [], usage } });
const ping = frame({ type: 'ping' });
const block = frame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
const words = ['Grüße', ' 🌍', ' "message_stop" {"error":1}'].map((text) =>
  frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
);
const stop = frame({ type: 'content_block_stop', index: 0 });
const delta = frame({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } });
const end = 'event: message_stop\ndata: {"type":"message_stop"      }\n\n';
const error = frame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
const answer = start + ping + block + words.join('') + stop + delta;
const final = {
  inputTokens: 19,
  outputTokens: 9,
  cachedInputTokens: 4,
  reasoningTokens: 0,
  cacheWriteTokens: 3,
};

function read(text: string | Buffer, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const reader = new MessagesStreamReader();
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  const released = edges.slice(1).map((edge, index) => reader.push(bytes.subarray(edges[index], edge)));
  const all = [...released, reader.end()].filter((piece) => piece !== null);
  return { reader, text: Buffer.concat(all).toString() };
}

describe('MessagesStreamReader', () => {
  it.each(['\n', '\r\n', '\r'])('reads the same from every split of the bytes with line end %j (S41)', (lineEnd) => {
    const bytes = Buffer.from((answer + end).replaceAll('\n', lineEnd));
    const trim = (text: string): string => text.replace(/[\r\n]+$/, '');
    const check = (cuts: readonly number[]): void => {
      const { reader, text } = read(bytes, cuts);
      // A CRLF that was cut in two leaves its LF to the next event.
      expect(trim(text)).toBe(trim(answer.replaceAll('\n', lineEnd)));
      expect(trim(reader.terminal?.toString().trimStart() ?? '')).toBe(trim(end.replaceAll('\n', lineEnd)));
      expect([reader.done, reader.finished, reader.hasContent, reader.failure]).toEqual([true, true, true, null]);
      expect([reader.usage, reader.contentEvents]).toEqual([final, 3]);
    };
    fc.assert(fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), check), { numRuns: 200 });
    check([...bytes.keys()]);
  });

  it('releases a chunk untouched when it holds nothing of interest', () => {
    const reader = new MessagesStreamReader();
    reader.push(Buffer.from(start + block));
    const chunk = Buffer.from(words[0]!);
    expect(reader.push(chunk)).toBe(chunk);
  });

  it('releases nothing before the first content, and then all of it', () => {
    const reader = new MessagesStreamReader();
    expect([start, ping, ': comment\n\n'].map((text) => reader.push(Buffer.from(text)))).toEqual([null, null, null]);
    expect(reader.hasContent).toBe(false);
    expect(reader.push(Buffer.from(block))?.toString()).toBe(`${start}${ping}: comment\n\n${block}`);
    expect(reader.hasContent).toBe(true);
  });

  it('makes a failure with its status of an error that comes first (S25)', () => {
    const { reader, text } = read(start + ping + error);
    expect([text, reader.failure?.status, reader.failure?.code, reader.terminal]).toEqual([
      '',
      529,
      'overloaded',
      null,
    ]);
    const rate = frame({ type: 'error', error: { type: 'rate_limit_error', message: 'm' } });
    expect(read(rate).reader.failure?.status).toBe(429);
    const invalid = frame({ type: 'error', error: { type: 'invalid_request_error', message: 'Wrong.' } });
    expect(read(invalid).reader.failure).toMatchObject({ status: 400, message: 'Wrong.' });
  });

  it("keeps the upstream's error amid the answer for the relay to write, and drops what follows", () => {
    const { reader, text } = read(start + block + words[0]! + error + end, [3]);
    expect(text).toBe(start + block + words[0]!);
    expect(reader.terminal?.toString()).toBe(error);
    expect([reader.failure?.code, reader.done]).toEqual(['overloaded', false]);
    expect(reader.reported).toMatchObject({ fault: 'overloaded', type: 'overloaded_error' });
  });

  it('passes a refusal, which has no blocks (S28)', () => {
    const refusal = frame({ type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: { output_tokens: 0 } });
    const { reader, text } = read(start + ping + refusal + end);
    expect([text, reader.done, reader.usage?.outputTokens]).toEqual([start + ping + refusal, true, 0]);
  });

  it('is not done when the upstream stops early, and then counts what was sent', () => {
    const { reader, text } = read(start + block + words.join(''));
    expect([reader.done, reader.finished, text]).toEqual([false, false, start + block + words.join('')]);
    expect(reader.usage).toEqual({ ...final, outputTokens: 3 });
    expect(read(start).text).toBe('');
  });

  it('takes the end without its blank line, and drops half of another event', () => {
    expect(read((answer + end).trimEnd()).reader.done).toBe(true);
    expect(read(answer + words[0]!.trimEnd()).text).toBe(answer);
  });

  it('tells what was written to the cache for an hour, though the last report gives the total alone', () => {
    const cache_creation = { ephemeral_5m_input_tokens: 456, ephemeral_1h_input_tokens: 100 };
    const split = { ...usage, cache_creation_input_tokens: 556, cache_creation, service_tier: 'standard' };
    const first = frame({ type: 'message_start', message: { id: 'msg_1', content: [], usage: split } });
    const last = { input_tokens: 12, cache_creation_input_tokens: 556, cache_read_input_tokens: 4, output_tokens: 9 };
    const finish = frame({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: last });
    expect(read(first + block + words[0]! + stop + finish + end).reader.usage).toEqual({
      inputTokens: 572,
      outputTokens: 9,
      cachedInputTokens: 4,
      reasoningTokens: 0,
      cacheWriteTokens: 556,
      longCacheWriteTokens: 100,
    });
  });

  it('knows no usage that the upstream does not report', () => {
    expect(read(block + words[0]! + frame({ type: 'message_delta', delta: {} }) + end).reader.usage).toBeNull();
  });

  it('refuses an event that never ends', () => {
    const reader = new MessagesStreamReader();
    const chunk = Buffer.alloc(65_536, 'a');
    for (let sent = 0; sent <= 4 * 1024 * 1024; sent += chunk.length) reader.push(chunk);
    expect(reader.failure?.code).toBe('upstream_error');
  });

  it('refuses comments without end before the answer', () => {
    const reader = new MessagesStreamReader();
    const chunk = Buffer.from(`: ${'a'.repeat(65_532)}\n\n`);
    for (let sent = 0; sent <= 4 * 1024 * 1024; sent += chunk.length) reader.push(chunk);
    expect(reader.failure?.code).toBe('upstream_error');
  });
});
