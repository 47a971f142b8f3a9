import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import { SseParser } from '../sse/sse-parser.ts';
import { createStreamDecoder } from './stream-decoder.ts';

function decodeBytes(bytes: Buffer, cuts: readonly number[] = []): CanonicalEvent[] {
  let ids = 0;
  const parser = new SseParser();
  const decoder = createStreamDecoder({
    origin: { dialect: 'gemini', modelGroup: 'g' },
    createId: () => `id000000${(ids += 1)}`,
  });
  const events: CanonicalEvent[] = [];
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index += 1) {
    for (const event of parser.push(bytes.subarray(edges[index - 1], edges[index])))
      events.push(...decoder.push(event));
  }
  for (const event of parser.end()) events.push(...decoder.push(event));
  return [...events, ...decoder.end()];
}

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`;
const chunk = (parts: readonly object[], extra: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...extra }],
  modelVersion: 'gemini-x',
  responseId: 'r1',
});
const stop = { finishReason: 'STOP' };
const decode = (...chunks: readonly object[]) => decodeBytes(Buffer.from(chunks.map(frame).join('')));
const signature = (value: string) => ({ dialect: 'gemini', modelGroup: 'g', value });
const types = (events: readonly CanonicalEvent[]) => events.map(({ type }) => type);

describe("Gemini's stream", () => {
  const recorded = [
    chunk([{ text: '**Thinking**', thought: true }]),
    chunk([{ text: 'Grüße ' }]),
    chunk([{ text: '🌍' }]),
    {
      ...chunk([{ text: '', thoughtSignature: 'Zm9v' }], stop),
      usageMetadata: { promptTokenCount: 29, candidatesTokenCount: 15, thoughtsTokenCount: 804, totalTokenCount: 848 },
    },
  ];
  const expected = [
    { type: 'start', id: 'r1', model: 'gemini-x' },
    { type: 'reasoning', key: 'p1', text: '**Thinking**' },
    { type: 'part-end', key: 'p1' },
    { type: 'text', key: 'p2', text: 'Grüße ' },
    { type: 'text', key: 'p2', text: '🌍' },
    {
      type: 'usage',
      usage: { inputUncached: 29, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 819, reasoning: 804 },
    },
    { type: 'text-signature', key: 'p2', signature: signature('Zm9v') },
    { type: 'part-end', key: 'p2' },
    { type: 'finish', finish: { reason: 'stop' } },
    { type: 'end' },
  ];

  it('is thoughts, then text, with the signature that comes at the end', () => {
    expect(decode(...recorded)).toEqual(expected);
  });

  it('is the same however its bytes are split', () => {
    const bytes = Buffer.from(recorded.map(frame).join(''));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        expect(decodeBytes(bytes, cuts)).toEqual(expected);
      }),
    );
    expect(decodeBytes(bytes, [...bytes.keys()])).toEqual(expected);
  });

  it('counts parallel calls across chunks, and finishes with calls though it says STOP later', () => {
    const events = decode(
      chunk([{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'S' }]),
      chunk([{ functionCall: { id: 'own', name: 'g' } }]),
      chunk([{ text: '' }], stop),
    );
    expect(events.slice(1)).toEqual([
      { type: 'tool-call-start', key: 'p1', id: 'id0000001', name: 'f', kind: 'function', signature: signature('S') },
      { type: 'tool-call-arguments', key: 'p1', text: '{"a":1}' },
      { type: 'tool-call-end', key: 'p1' },
      { type: 'tool-call-start', key: 'p2', id: 'own', name: 'g', kind: 'function' },
      { type: 'tool-call-arguments', key: 'p2', text: '{}' },
      { type: 'tool-call-end', key: 'p2' },
      { type: 'finish', finish: { reason: 'tool-calls' } },
      { type: 'end' },
    ]);
  });

  it('keeps numbers in arguments as they were written', () => {
    const text =
      'data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"n":12345678901234567890,"x":1.0}}}]},"finishReason":"STOP"}]}\n\n';
    expect(decodeBytes(Buffer.from(text))).toContainEqual({
      type: 'tool-call-arguments',
      key: 'p1',
      text: '{"n":12345678901234567890,"x":1.0}',
    });
  });

  const partial = (city: readonly string[], terminal: boolean) => [
    chunk([{ functionCall: { name: 'weather', willContinue: true } }]),
    ...city.map((stringValue, index) =>
      chunk([
        {
          functionCall: {
            partialArgs: [{ jsonPath: '$.location', stringValue, willContinue: index < city.length - 1 }],
            willContinue: true,
          },
        },
      ]),
    ),
    ...(terminal ? [chunk([{ functionCall: {} }])] : []),
  ];
  const argumentsOf = (events: readonly CanonicalEvent[]) =>
    events.flatMap((event) => (event.type === 'tool-call-arguments' ? [event.text] : []));

  it('puts arguments together that come in pieces', () => {
    const events = decode(...partial(['Bos', 'ton'], true), ...partial(['San ', 'Francisco'], true), chunk([], stop));
    expect(argumentsOf(events)).toEqual(['{"location":"Boston"}', '{"location":"San Francisco"}']);
    expect(types(events).filter((type) => type.startsWith('tool-call'))).toEqual(
      Array.from({ length: 2 }, () => ['tool-call-start', 'tool-call-arguments', 'tool-call-end']).flat(),
    );
  });

  it('completes a call whose end was forgotten', () => {
    const events = decode(...partial(['Bos', 'ton'], false), ...partial(['Rome'], false), chunk([], stop));
    expect(argumentsOf(events)).toEqual(['{"location":"Boston"}', '{"location":"Rome"}']);
    expect(events.at(-2)).toEqual({ type: 'finish', finish: { reason: 'tool-calls' } });
  });

  it('breaks at a piece of arguments that has no place', () => {
    const piece = { functionCall: { partialArgs: [{ jsonPath: 'location', stringValue: 'x' }], willContinue: true } };
    const events = decode(chunk([{ functionCall: { name: 'f', willContinue: true } }]), chunk([piece], stop));
    expect(types(events)).toEqual(['start', 'tool-call-start', 'error']);
  });

  it('takes a signature behind a call for that of hidden thoughts', () => {
    const events = decode(chunk([{ functionCall: { name: 'f' } }, { text: '', thoughtSignature: 'S' }], stop));
    expect(events).toContainEqual({ type: 'reasoning-signature', key: 'p2', signature: signature('S') });
  });

  it.each([
    { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
    [{ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }],
  ])('ends with the error that it holds: %j', (error) => {
    const events = decode(chunk([{ text: 'a' }]), error, chunk([{ text: 'b' }], stop));
    expect(types(events)).toEqual(['start', 'text', 'error']);
    expect(events.at(-1)).toMatchObject({ error: { fault: 'overloaded', message: 'The model is overloaded.' } });
  });

  it.each([
    ['no finish reason', [frame(chunk([{ text: 'a' }]))]],
    ['nothing at all', []],
    ['an event that is no JSON', [frame(chunk([{ text: 'a' }])), 'data: {"cand\n\n', frame(chunk([], stop))]],
  ])('is broken with %s', (_, frames) => {
    const events = decodeBytes(Buffer.from(frames.join('')));
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { fault: 'upstream' } });
    expect(types(events)).not.toContain('end');
  });

  it('tells a blocked prompt from a broken stream, and keeps its usage', () => {
    const events = decode({
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 4 },
      responseId: 'r',
    });
    expect(types(events)).toEqual(['start', 'usage', 'finish', 'end']);
    expect(events[2]).toEqual({ type: 'finish', finish: { reason: 'content-filter', explanation: 'SAFETY' } });
  });

  it('fails when the model gave nothing usable, and does not when there is text', () => {
    expect(types(decode(chunk([], { finishReason: 'MALFORMED_FUNCTION_CALL' })))).toEqual(['start', 'error']);
    const events = decode(chunk([{ text: 'a' }], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'm' }));
    expect(events.at(-2)).toEqual({ type: 'finish', finish: { reason: 'malformed', explanation: 'm' } });
  });

  it('skips usage that names the kind of traffic only, further candidates, and the marker of other dialects', () => {
    const second = { content: { parts: [{ text: 'no' }] }, index: 1 };
    const first = { ...chunk([{ text: 'yes' }]), usageMetadata: { trafficType: 'ON_DEMAND' } };
    const text = [first, { candidates: [second] }, chunk([], stop)].map(frame).join('');
    const events = decodeBytes(Buffer.from(`${text}data: [DONE] \n\n`));
    expect(types(events)).toEqual(['start', 'text', 'part-end', 'finish', 'end']);
  });

  it('cites what a search found, by units of UTF-16', () => {
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }, { web: {} }],
      groundingSupports: [
        { segment: { startIndex: 5, endIndex: 9, text: '🌍' }, groundingChunkIndices: [0, 1, 7] },
        { segment: { endIndex: 4 }, groundingChunkIndices: [0] },
      ],
    };
    const events = decode(chunk([{ text: 'für' }]), chunk([{ text: ' 🌍!' }], { ...stop, groundingMetadata }));
    expect(events.filter(({ type }) => type === 'citation')).toEqual([
      {
        type: 'citation',
        key: 'p1',
        citation: { url: 'https://a.example', title: 'A', startIndex: 4, endIndex: 6 },
      },
      { type: 'citation', key: 'p1', citation: { url: 'https://a.example', title: 'A', startIndex: 0, endIndex: 3 } },
    ]);
    expect(types(events).indexOf('citation')).toBeLessThan(types(events).indexOf('part-end'));
  });
});
