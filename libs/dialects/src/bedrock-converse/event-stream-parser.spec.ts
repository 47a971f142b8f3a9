import { describe, expect, it } from '@jest/globals';
import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import type { SseEvent } from '../sse/sse-event.ts';
import { EventStreamError, EventStreamParser } from './event-stream-parser.ts';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

function message(headers: Readonly<Record<string, string>>, body = ''): Buffer {
  const typed = Object.entries(headers).map(([name, value]) => [`:${name}`, { type: 'string', value }]);
  return Buffer.from(codec.encode({ headers: Object.fromEntries(typed) as MessageHeaders, body: Buffer.from(body) }));
}

const event = (type: string, body: object) =>
  message({ 'message-type': 'event', 'event-type': type, 'content-type': 'application/json' }, JSON.stringify(body));

const bytes = Buffer.concat([
  event('messageStart', { role: 'assistant' }),
  event('contentBlockDelta', { delta: { text: 'Grüße 🌍' }, contentBlockIndex: 0 }),
  message({ 'message-type': 'exception', 'exception-type': 'throttlingException' }, '{"message":"Slow."}'),
  message({ 'message-type': 'error', 'error-code': 'InternalFailure', 'error-message': 'Broken.' }),
]);
const events: readonly SseEvent[] = [
  { event: 'messageStart', data: '{"role":"assistant"}' },
  { event: 'contentBlockDelta', data: '{"delta":{"text":"Grüße 🌍"},"contentBlockIndex":0}' },
  { event: 'throttlingException', data: '{"message":"Slow."}' },
  { event: 'InternalFailure', data: '{"message":"Broken."}' },
];

function parse(input: Buffer, cuts: readonly number[] = []): SseEvent[] {
  const parser = new EventStreamParser();
  const edges = [0, ...cuts.toSorted((a, b) => a - b), input.length];
  const read = edges.slice(1).flatMap((edge, index) => parser.push(input.subarray(edges[index], edge)));
  return [...read, ...parser.end()];
}

describe('EventStreamParser', () => {
  it('gives the same events however the bytes are split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        expect(parse(bytes, cuts)).toEqual(events);
      }),
    );
    expect(parse(bytes, [...bytes.keys()])).toEqual(events);
  });

  it('does not fool itself about any damaged byte', () => {
    const whole = event('messageStop', { stopReason: 'end_turn' });
    for (const at of whole.keys()) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      expect(() => parse(damaged)).toThrow(EventStreamError);
    }
  });

  it('says so when the stream breaks off within a message', () => {
    expect(() => parse(bytes.subarray(0, -1))).toThrow('breaks off');
    expect(() => parse(bytes.subarray(0, 5))).toThrow(EventStreamError);
    expect(parse(Buffer.alloc(0))).toEqual([]);
  });

  it('refuses a message beyond its bound before it has arrived', () => {
    const large = event('x', { text: 'a'.repeat(200) });
    expect(() => new EventStreamParser(100).push(large.subarray(0, 12))).toThrow('out of bounds');
    expect(new EventStreamParser(large.length).push(large)).toHaveLength(1);
  });
});
