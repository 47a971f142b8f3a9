import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ResponsesStreamReader } from './responses-stream-reader.ts';

const frame = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const usage = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 3,
  output_tokens_details: { reasoning_tokens: 1 },
  total_tokens: 15,
};
const response = { id: 'resp_1', object: 'response', status: 'in_progress', error: null, usage: null };
const created = frame('response.created', { response });
const inProgress = frame('response.in_progress', { response });
const added = frame('response.output_item.added', { item: { type: 'message' } });
const words = ['Grüße', ' 🌍', ' "response.completed" "error"'].map((delta) =>
  frame('response.output_text.delta', { delta }),
);
const completed = frame('response.completed', { response: { ...response, status: 'completed', usage } });
const quota = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded.', param: null };
const error = frame('error', { error: quota });
const failed = frame('response.failed', { response: { ...response, status: 'failed', error: quota, usage } });
const counted = { inputTokens: 12, outputTokens: 3, cachedInputTokens: 4, reasoningTokens: 1 };
const before = [created, inProgress, added, ...words].join('');

function read(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const reader = new ResponsesStreamReader();
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

describe('ResponsesStreamReader', () => {
  it.each(['\n', '\r\n', '\r'])('reads the same from every split of the bytes with line end %j', (lineEnd) => {
    const whole = (before + completed).replaceAll('\n', lineEnd);
    const trimmed = (text: string): string => text.replace(/[\r\n]+$/, '');
    fc.assert(
      fc.property(fc.array(fc.nat(Buffer.byteLength(whole)), { maxLength: 40 }), (cuts) => {
        const { reader, text } = read(whole, cuts);
        // A CRLF that was cut in two leaves its LF to the next event.
        expect(trimmed(text + reader.terminal.toString())).toBe(trimmed(whole));
        expect(reader.usage).toEqual(counted);
        expect([reader.done, reader.finished, reader.failure, reader.hasContent]).toEqual([true, true, null, true]);
        expect(reader.contentEvents).toBe(words.length);
      }),
      { numRuns: 200 },
    );
  });

  it('withholds the last event, for the relay to write', () => {
    const { reader, text } = read(before + completed + words[0]);
    expect(text).toBe(before);
    expect(reader.terminal.toString()).toBe(completed);
  });

  it('releases nothing before the model has begun to answer', () => {
    const reader = new ResponsesStreamReader();
    expect(reader.push(Buffer.from(`: ping\n\n${created}`))).toBeNull();
    expect(reader.push(Buffer.from(inProgress))).toBeNull();
    expect(reader.hasContent).toBe(false);
    expect(reader.push(Buffer.from(added))?.toString()).toBe(`: ping\n\n${created}${inProgress}${added}`);
  });

  it('releases a chunk untouched when it holds nothing of interest', () => {
    const reader = new ResponsesStreamReader();
    reader.push(Buffer.from(created + added));
    const chunk = Buffer.from(words[0] ?? '');
    expect(reader.push(chunk)).toBe(chunk);
  });

  it('makes a status of an error that comes first, with the names of the vendor (S43)', () => {
    for (const stream of [created + inProgress + error + failed, created + failed, error]) {
      const { reader, text } = read(stream);
      expect(text).toBe('');
      expect(reader.failure).toMatchObject({ status: 429, message: 'You exceeded.', retryable: true });
      expect(reader.failure?.upstream).toEqual({ type: 'insufficient_quota', code: 'insufficient_quota' });
      expect(reader.reported?.fault).toBe('quota');
      expect([reader.done, reader.terminal.length]).toEqual([false, 0]);
    }
  });

  it.each([
    [{ code: 'context_length_exceeded', message: 'Too long.' }, 400, 'upstream_client_error'],
    [{ code: 'invalid_api_key', message: 'sk-secret' }, 502, 'upstream_auth_error'],
    [{ code: null, type: 'server_error', message: 'Sorry.' }, 502, 'upstream_error'],
  ])('takes %j for a %d', (fields, status, code) => {
    const { failure } = read(frame('error', { error: fields })).reader;
    expect(failure).toMatchObject({ status, code });
    expect(failure?.message).not.toContain('secret');
  });

  it('takes a failure amid the answer, of which the upstream itself tells the caller', () => {
    const { reader, text } = read(before + error + failed);
    expect(text).toBe(before + error);
    expect(reader.terminal.toString()).toBe(failed);
    expect(reader.failure).toMatchObject({ status: 429 });
    expect([reader.done, reader.usage]).toEqual([false, counted]);
  });

  it('still fails when an error amid the answer is the last that is heard', () => {
    const { reader, text } = read(before + error);
    expect(text).toBe(before + error);
    expect([reader.failure?.status, reader.done, reader.terminal.length]).toEqual([429, false, 0]);
  });

  it('takes an incomplete answer for done', () => {
    const incomplete = frame('response.incomplete', { response: { ...response, usage } });
    const { reader } = read(before + incomplete);
    expect([reader.done, reader.failure, reader.usage]).toEqual([true, null, counted]);
  });

  it('is not done when the upstream stops without a last event', () => {
    const { reader } = read(before);
    expect([reader.done, reader.finished, reader.failure]).toEqual([false, false, null]);
  });

  it('takes a last event without its blank line', () => {
    const { reader, text } = read(before + completed.trimEnd());
    expect([text, reader.done, reader.usage]).toEqual([before, true, counted]);
    expect(reader.terminal.toString()).toBe(completed);
  });

  it('does not believe an absurd usage', () => {
    const absurd = frame('response.completed', { response: { usage: { input_tokens: -1, output_tokens: 1 } } });
    expect(read(before + absurd).reader).toMatchObject({ done: true, usage: null });
  });

  it('refuses an event that never ends', () => {
    const reader = new ResponsesStreamReader();
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    for (let sent = 0; sent <= 17; sent += 1) reader.push(chunk);
    expect(reader.failure?.code).toBe('upstream_error');
  });
});
