import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GenerateStreamReader } from './generate-stream-reader.ts';

const frame = (value: unknown, lineEnd = '\r\n'): string => `data: ${JSON.stringify(value)}${lineEnd}${lineEnd}`;
const chunk = (text: string, extra: object = {}) => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...extra }],
});
const usageMetadata = {
  promptTokenCount: 12,
  candidatesTokenCount: 3,
  thoughtsTokenCount: 2,
  cachedContentTokenCount: 4,
};
const usage = { inputTokens: 12, outputTokens: 5, cachedInputTokens: 4, reasoningTokens: 2 };
const role = frame(chunk(''));
const words = ['Grüße', ' 🌍', ' "finishReason": no'].map((word) => frame(chunk(word)));
const last = frame({ ...chunk('', { finishReason: 'STOP' }), usageMetadata });
const whole = [role, ...words, last].join('');

function read(bytes: Buffer, cuts: readonly number[] = []) {
  const reader = new GenerateStreamReader();
  const released: Buffer[] = [];
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index += 1) {
    released.push(reader.push(bytes.subarray(edges[index - 1], edges[index])) ?? Buffer.alloc(0));
  }
  released.push(reader.end() ?? Buffer.alloc(0));
  return { reader, text: Buffer.concat(released).toString() };
}

describe('GenerateStreamReader', () => {
  it.each(['\n', '\r\n', '\r'])('reads the same from every split of the bytes with line end %j', (lineEnd) => {
    const bytes = Buffer.from(whole.replaceAll('\r\n', lineEnd));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        const { reader, text } = read(bytes, cuts);
        expect(text + String(reader.terminal)).toBe(bytes.toString());
        expect(reader.terminal?.toString().trim()).toBe(last.trim());
        expect(reader.usage).toEqual(usage);
        expect([reader.done, reader.finished, reader.failure]).toEqual([true, true, null]);
      }),
      { numRuns: 300 },
    );
  });

  it('passes byte by byte', () => {
    const bytes = Buffer.from(whole);
    const { reader, text } = read(bytes, [...bytes.keys()]);
    expect(text + String(reader.terminal)).toBe(whole);
    expect(reader.done).toBe(true);
  });

  it('withholds the end until the upstream has ended', () => {
    const reader = new GenerateStreamReader();
    expect(reader.push(Buffer.from(whole))?.toString()).toBe(role + words.join(''));
    expect([reader.finished, reader.done, reader.terminal]).toEqual([true, false, null]);
    expect(reader.end()).toBeNull();
    expect(reader.terminal?.toString()).toBe(last);
  });

  it('releases what it held back when another candidate goes on', () => {
    const first = frame(chunk('', { finishReason: 'STOP' }));
    const second = frame({ candidates: [{ index: 1, finishReason: 'STOP' }] });
    const { reader, text } = read(Buffer.from(first + words[0] + second));
    expect(text).toBe(first + words[0]);
    expect(reader.terminal?.toString()).toBe(second);
  });

  it('is not done without a finish reason, but knows the usage', () => {
    const { reader } = read(Buffer.from(role + frame({ ...chunk('x'), usageMetadata })));
    expect([reader.done, reader.usage, reader.terminal]).toEqual([false, usage, null]);
  });

  it('is done with a prompt that was blocked', () => {
    const { reader } = read(Buffer.from(frame({ promptFeedback: { blockReason: 'SAFETY' } })));
    expect(reader.done).toBe(true);
  });

  it('keeps usage when a later event tells the kind of traffic only', () => {
    const text = frame({ ...chunk('x'), usageMetadata }) + frame({ usageMetadata: { trafficType: 'ON_DEMAND' } });
    expect(read(Buffer.from(text)).reader.usage).toEqual(usage);
  });

  it('takes an error for a failure, and text about errors for text', () => {
    const error = frame({ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } });
    const { reader, text } = read(Buffer.from(frame(chunk('{"error": 1}')) + error + last));
    expect(text).toBe(frame(chunk('{"error": 1}')));
    expect(reader.failure).toMatchObject({
      code: 'upstream_error',
      message: 'overloaded',
      upstream: { type: 'UNAVAILABLE' },
    });
    // What it said may become a status of its own; amid an answer the gateway writes the frame.
    expect([reader.done, reader.terminal, reader.reported?.fault]).toEqual([false, null, 'overloaded']);
  });

  it('counts the events that carry content', () => {
    const { reader } = read(Buffer.from(whole));
    expect([reader.hasContent, reader.contentEvents]).toEqual([true, words.length + 1]);
    expect(read(Buffer.from(role)).reader.hasContent).toBe(false);
    expect(
      read(Buffer.from(frame({ candidates: [{ content: { parts: [{ functionCall: {} }] } }] }))).reader.hasContent,
    ).toBe(true);
  });

  it('takes a last event without its blank line, and drops a part of one', () => {
    expect(read(Buffer.from(whole.trimEnd())).reader.done).toBe(true);
    const { reader, text } = read(Buffer.from(words[0] + last.slice(0, -20)));
    expect([reader.done, text]).toEqual([false, words[0]]);
  });

  it('refuses an event that never ends', () => {
    const reader = new GenerateStreamReader();
    const piece = Buffer.alloc(1024 * 1024, 'a');
    for (let sent = 0; sent <= 16 * 1024 * 1024; sent += piece.length) reader.push(piece);
    expect(reader.failure?.code).toBe('upstream_error');
  });
});
