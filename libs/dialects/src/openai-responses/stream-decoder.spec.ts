import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  frame,
  decodeText,
  decode,
  response,
  usage,
  created,
  completed,
  finished,
  item,
  textDelta,
  callItem,
  start,
  pieces,
  ordinary,
  ordinaryEvents,
} from './testing/response-stream.ts';

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
