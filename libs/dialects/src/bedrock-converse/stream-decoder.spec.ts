import { describe, expect, it } from '@jest/globals';
import { createStreamDecoder } from './stream-decoder.ts';

const origin = { dialect: 'bedrock-converse', modelGroup: 'c' } as const;

function decode(...events: readonly (readonly [string, object | string])[]) {
  let ids = 0;
  const decoder = createStreamDecoder({ origin, createId: () => `id${(ids += 1)}` });
  const read = events.flatMap(([event, body]) =>
    decoder.push({ event, data: typeof body === 'string' ? body : JSON.stringify(body) }),
  );
  return [...read, ...decoder.end()];
}

const start = ['messageStart', { role: 'assistant' }] as const;
const delta = (contentBlockIndex: number, body: object) =>
  ['contentBlockDelta', { contentBlockIndex, delta: body }] as const;
const blockStop = (contentBlockIndex: number) => ['contentBlockStop', { contentBlockIndex }] as const;
const callStart = (contentBlockIndex: number, toolUse: object) =>
  ['contentBlockStart', { contentBlockIndex, start: { toolUse } }] as const;
const stop = (stopReason: string) => ['messageStop', { stopReason }] as const;
const metadata = ['metadata', { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } }] as const;

describe("Bedrock's stream", () => {
  it('is thoughts, text and calls, and its usage comes behind the stop', () => {
    const events = decode(
      start,
      delta(0, { reasoningContent: { text: 'hm' } }),
      delta(0, { reasoningContent: { signature: 'S' } }),
      blockStop(0),
      delta(1, { text: 'Hi' }),
      blockStop(1),
      callStart(2, { toolUseId: 't', name: 'f' }),
      delta(2, { toolUse: { input: '' } }),
      delta(2, { toolUse: { input: '{"a"' } }),
      delta(2, { toolUse: { input: ':1}' } }),
      blockStop(2),
      stop('tool_use'),
      metadata,
    );
    expect(events).toEqual([
      { type: 'start', id: 'id1', model: '' },
      { type: 'reasoning', key: 'b0', text: 'hm' },
      { type: 'reasoning-signature', key: 'b0', signature: { ...origin, value: 'S' } },
      { type: 'part-end', key: 'b0' },
      { type: 'text', key: 'b1', text: 'Hi' },
      { type: 'part-end', key: 'b1' },
      { type: 'tool-call-start', key: 'b2', id: 't', name: 'f', kind: 'function' },
      { type: 'tool-call-arguments', key: 'b2', text: '{"a"' },
      { type: 'tool-call-arguments', key: 'b2', text: ':1}' },
      { type: 'tool-call-end', key: 'b2' },
      { type: 'finish', finish: { reason: 'tool-calls' } },
      { type: 'usage', usage: { inputUncached: 3, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 4 } },
      { type: 'end' },
    ]);
  });

  it('hands redacted thoughts on, and tells nothing of tools that the vendor runs', () => {
    const events = decode(
      start,
      delta(0, { reasoningContent: { redactedContent: 'R' } }),
      callStart(1, { toolUseId: 's', name: 'search', type: 'server_tool_use' }),
      delta(1, { toolUse: { input: '{}' } }),
      blockStop(1),
      delta(2, { text: 'a' }),
      stop('end_turn'),
    );
    expect(events.slice(1, -2)).toEqual([
      { type: 'reasoning-signature', key: 'b0', signature: { ...origin, value: 'R' }, redacted: true },
      { type: 'text', key: 'b2', text: 'a' },
      { type: 'part-end', key: 'b0' },
      { type: 'part-end', key: 'b2' },
    ]);
    expect(events.at(-2)).toEqual({ type: 'finish', finish: { reason: 'stop' } });
  });

  it('cites its sources', () => {
    const events = decode(start, delta(0, { text: 'a' }), delta(0, { citation: { title: 'T' } }), stop('end_turn'));
    expect(events).toContainEqual({ type: 'citation', key: 'b0', citation: { title: 'T' } });
  });

  it.each([
    ['throttlingException', { message: 'Slow.' }, 'rate-limit'],
    ['modelStreamErrorException', { originalMessage: 'Broken.' }, 'upstream'],
    ['serviceUnavailableException', {}, 'overloaded'],
    ['validationException', { message: 'Input is too long for requested model.' }, 'context-length'],
    ['InternalFailure', 'no json', 'upstream'],
    ['someNewException', {}, 'upstream'],
  ])('ends with %s %j', (name, body, fault) => {
    const events = decode(start, delta(0, { text: 'a' }), [name, body], stop('end_turn'));
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'error']);
    expect(events.at(-1)).toMatchObject({ error: { fault, type: name } });
  });

  it.each([
    ['it breaks off', [start, delta(0, { text: 'a' })]],
    ['it was empty', []],
    ['an event is no JSON', [start, ['contentBlockDelta', '{"delta'] as const, stop('end_turn')]],
    ['nothing usable came', [start, stop('malformed_tool_use'), metadata]],
  ])('is broken when %s', (_, events) => {
    const read = decode(...events);
    expect(read.at(-1)).toMatchObject({ type: 'error', error: { fault: 'upstream' } });
    expect(read.filter(({ type }) => type === 'end' || type === 'finish')).toEqual([]);
  });

  it('passes over kinds of events that are new', () => {
    const events = decode(
      start,
      ['initial-response', {}],
      ['novelty', { a: 1 }],
      delta(0, { text: 'a' }),
      stop('end_turn'),
    );
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'part-end', 'finish', 'end']);
  });
});
