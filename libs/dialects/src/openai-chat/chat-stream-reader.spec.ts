import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChatStreamReader } from './chat-stream-reader.ts';

const frame = (value: unknown, lineEnd = '\n'): string => `data: ${JSON.stringify(value)}${lineEnd}${lineEnd}`;
const delta = (content: string, extra: object = {}) => ({ choices: [{ index: 0, delta: { content } }], ...extra });
const usage = {
  prompt_tokens: 12,
  completion_tokens: 3,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 4 },
};
const role = frame({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] });
const words = ['Grüße', ' 🌍', ' "usage": {[DONE]}'].map((word) => frame(delta(word)));
const finish = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const usageFrame = frame({ choices: [], usage });
const done = 'data: [DONE]\n\n';
const whole = [role, ...words, finish, usageFrame, done].join('');

function read(bytes: Buffer, cuts: readonly number[], hideUsage: boolean) {
  const reader = new ChatStreamReader({ hideUsage });
  const released: Buffer[] = [];
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index += 1) {
    const out = reader.push(bytes.subarray(edges[index - 1], edges[index]));
    if (out) released.push(out);
  }
  const rest = reader.end();
  if (rest) released.push(rest);
  return { reader, text: Buffer.concat(released).toString() };
}

describe('ChatStreamReader', () => {
  it.each(['\n', '\r\n', '\r'])('reads the same from every split of the bytes with line end %j', (lineEnd) => {
    const bytes = Buffer.from(whole.replaceAll('\n', lineEnd));
    const expected = (role + words.join('') + finish).replaceAll('\n', lineEnd);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        const { reader, text } = read(bytes, cuts, true);
        // A CRLF that was cut in two leaves its LF to the next event.
        expect(text.replace(/[\r\n]+$/, '')).toBe(expected.replace(/[\r\n]+$/, ''));
        expect(reader.usage).toEqual({ inputTokens: 12, outputTokens: 3, cachedInputTokens: 4, reasoningTokens: 0 });
        expect([reader.done, reader.finished, reader.failure]).toEqual([true, true, null]);
      }),
      { numRuns: 300 },
    );
  });

  it('passes byte by byte', () => {
    const bytes = Buffer.from(whole);
    const { reader, text } = read(bytes, [...bytes.keys()], true);
    expect(text).toBe(role + words.join('') + finish);
    expect(reader.done).toBe(true);
  });

  it('keeps the usage chunk for a caller who asked for it', () => {
    expect(read(Buffer.from(whole), [], false).text).toBe(whole.slice(0, -done.length));
  });

  it('releases a chunk untouched when it holds nothing of interest', () => {
    const chunk = Buffer.from(words[0] ?? '');
    expect(new ChatStreamReader({ hideUsage: true }).push(chunk)).toBe(chunk);
  });

  it('reads the usage that stands beside content, as vLLM reports it continuously', () => {
    const reader = new ChatStreamReader({ hideUsage: true });
    expect(reader.push(Buffer.from(frame(delta('x', { usage }))))).not.toBeNull();
    expect(reader.usage?.outputTokens).toBe(3);
  });

  it('tells the kinds of tokens that vendors price apart', () => {
    const reader = new ChatStreamReader({ hideUsage: false });
    const last =
      '{"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":900,"completion_tokens":70,"total_tokens":970,"prompt_tokens_details":{"cached_tokens":128,"cache_write_tokens":256,"audio_tokens":300,"image_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":50,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}';
    reader.push(Buffer.from(`${frame(delta('x'))}data: ${last}\n\ndata: [DONE]\n\n`));
    expect(reader.usage).toEqual({
      inputTokens: 900,
      outputTokens: 70,
      cachedInputTokens: 128,
      reasoningTokens: 0,
      cacheWriteTokens: 256,
      audioInputTokens: 300,
      audioOutputTokens: 50,
    });
  });

  it('leaves a null usage alone and takes an explicit zero for a value', () => {
    const reader = new ChatStreamReader({ hideUsage: true });
    reader.push(Buffer.from(frame(delta('x', { usage: null }))));
    expect(reader.usage).toBeNull();
    reader.push(Buffer.from(frame({ choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } })));
    expect(reader.usage?.inputTokens).toBe(0);
  });

  it.each([-1, 1.5, '7', 1e300])('does not believe a usage of %p tokens', (tokens) => {
    const reader = new ChatStreamReader({ hideUsage: true });
    reader.push(Buffer.from(frame({ choices: [], usage: { prompt_tokens: tokens, completion_tokens: 1 } })));
    expect(reader.usage).toBeNull();
  });

  it('takes an error frame for a failure and drops the success marker behind it', () => {
    const error = frame({ error: { message: 'engine died', type: 'InternalServerError', code: 500 } });
    const { reader, text } = read(Buffer.from(role + words[0] + error + done), [], true);
    expect(reader.failure).toMatchObject({ code: 'upstream_error', message: 'engine died' });
    expect(reader.reported).toMatchObject({ fault: 'upstream', type: 'InternalServerError' });
    expect(text).toBe(role + words[0]);
    expect(reader.done).toBe(false);
  });

  it('is not done when the upstream stops without its marker', () => {
    const { reader } = read(Buffer.from(role + words[0] + finish), [], true);
    expect(reader.done).toBe(false);
  });

  it('takes a marker without its blank line at the very end', () => {
    expect(read(Buffer.from(`${role}data: [DONE]`), [], true).reader.done).toBe(true);
  });

  it('drops what follows the marker', () => {
    const { text } = read(Buffer.from(role + done + words[0]), [], true);
    expect(text).toBe(role);
  });

  it('counts the events that carry content', () => {
    const reader = new ChatStreamReader({ hideUsage: true });
    for (const event of [role, ...words]) reader.push(Buffer.from(event));
    expect([reader.hasContent, reader.contentEvents]).toEqual([true, words.length]);
    expect(read(Buffer.from(role), [], true).reader.hasContent).toBe(false);
  });

  it('passes comments and events of several data lines', () => {
    const text = `: ping\n\ndata: {"choices":[],\ndata: "usage":${JSON.stringify(usage)}}\n\n`;
    const { reader, text: released } = read(Buffer.from(text), [], false);
    expect(released).toBe(text);
    expect(reader.usage?.outputTokens).toBe(3);
  });

  it('refuses an event that never ends', () => {
    const reader = new ChatStreamReader({ hideUsage: true });
    const chunk = Buffer.alloc(65_536, 'a');
    for (let sent = 0; sent <= 4 * 1024 * 1024; sent += chunk.length) reader.push(chunk);
    expect(reader.failure?.code).toBe('upstream_error');
  });
});
