import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import { SseParser } from '../sse/sse-parser.ts';
import { collectParts } from './collect-parts.ts';
import { encodeResponse } from './encode-response.ts';
import { openThoughtSignature } from './open-thought-signature.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';

const request: CanonicalRequest = {
  dialect: 'gemini',
  model: 'alias',
  stream: true,
  includeUsage: true,
  system: [],
  turns: [],
  tools: [],
  output: { kind: 'text' },
  reasoning: { display: 'summarized' },
  extra: {},
  answer: {},
};
const context: EncodeAnswerContext = {
  requestId: 'r',
  model: 'alias',
  created: 0,
  request,
  estimatedInputTokens: 0,
  createId: () => 'abcdefgh1',
};
const signature = { dialect: 'anthropic', modelGroup: 'c', value: 'V' } as const;
const usage = { inputUncached: 10, cacheRead: 4, cacheWrite5m: 0, cacheWrite1h: 0, output: 9, reasoning: 2 };
const usageMetadata = {
  promptTokenCount: 14,
  candidatesTokenCount: 7,
  totalTokenCount: 23,
  thoughtsTokenCount: 2,
  cachedContentTokenCount: 4,
};

function encode(events: readonly CanonicalEvent[], changes: Partial<EncodeAnswerContext> = {}): string {
  const encoder = createStreamEncoder({ ...context, ...changes });
  return events.map((event) => encoder.push(event)).join('');
}

const chunksOf = (text: string) =>
  new SseParser().push(Buffer.from(text)).map(({ data }) => JSON.parse(data) as object);

const events: readonly CanonicalEvent[] = [
  { type: 'start', id: 'id1', model: 'm' },
  { type: 'reasoning', key: 'a', text: 'hm' },
  { type: 'reasoning-signature', key: 'a', signature },
  { type: 'text', key: 'b', text: 'T' },
  { type: 'tool-call-start', key: 'c', id: 'call1', name: 'f', kind: 'function', signature },
  { type: 'tool-call-arguments', key: 'c', text: '{"a"' },
  { type: 'tool-call-arguments', key: 'c', text: ':1}' },
  { type: 'tool-call-end', key: 'c' },
  { type: 'finish', finish: { reason: 'tool-calls' } },
  { type: 'usage', usage },
  { type: 'end' },
];

describe('a stream for a Gemini client', () => {
  it('gives calls whole, and the finish with the usage last', () => {
    const chunks = chunksOf(encode(events));
    const ids = { modelVersion: 'alias', responseId: 'id1' };
    const piece = (part: object) => ({ candidates: [{ index: 0, content: { role: 'model', parts: [part] } }], ...ids });
    expect(chunks).toEqual([
      piece({ text: 'hm', thought: true }),
      piece({ text: '', thoughtSignature: expect.any(String) }),
      piece({ text: 'T' }),
      piece({ functionCall: { id: 'call1', name: 'f', args: { a: 1 } }, thoughtSignature: expect.any(String) }),
      { candidates: [{ index: 0, finishReason: 'STOP' }], usageMetadata, ...ids },
    ]);
  });

  it('carries signatures that come back as they were', () => {
    const sealed = /"thoughtSignature":"([A-Za-z0-9+/=]+)"/.exec(encode(events))?.[1] ?? '';
    expect(openThoughtSignature(sealed)).toEqual(signature);
  });

  it('shows no thoughts to those who did not ask for them', () => {
    const { reasoning: _, ...silent } = request;
    expect(encode(events, { request: silent })).not.toContain('"thought":true');
    const part: CanonicalPart = { type: 'reasoning', text: 'hm', signature };
    const response = { id: 'i', model: 'm', usage, choices: [{ parts: [part], finish: { reason: 'stop' } }] } as const;
    const body = JSON.stringify(encodeResponse(response, { ...context, request: silent }));
    expect(body).not.toContain('hm');
    expect(body).toContain('thoughtSignature');
  });

  it('ends a call that nobody has ended', () => {
    const open = events.filter(({ type }) => type !== 'tool-call-end');
    expect(encode(open)).toContain('"args":{"a":1}');
  });

  it('tells the same as the whole answer', () => {
    const piece = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text: fc.string({ minLength: 1 }) }),
      fc.record({ type: fc.constant('call' as const), text: fc.jsonValue().map((value) => JSON.stringify({ value })) }),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const written = encode([
          ...pieces.flatMap(({ type, text }, index): CanonicalEvent[] => {
            const key = String(index);
            if (type === 'text') return [{ type, key, text }];
            return [
              { type: 'tool-call-start', key, id: `c${key}`, name: 'f', kind: 'function' },
              { type: 'tool-call-arguments', key, text },
              { type: 'tool-call-end', key },
            ];
          }),
          { type: 'finish', finish: { reason: 'stop' } },
          { type: 'end' },
        ]);
        const decoder = createStreamDecoder({ origin: signature, createId: () => 'x' });
        const read = new SseParser().push(Buffer.from(written)).flatMap((event) => decoder.push(event));
        const { parts } = collectParts([...read, ...decoder.end()]);
        const texts = parts.map((part) =>
          part.type === 'tool-call' ? [part.id, part.arguments] : 'text' in part && part.text,
        );
        const joined = pieces.reduce<(string | string[])[]>((all, { type, text }, index) => {
          const last = all.at(-1);
          if (type === 'call') return [...all, [`c${index}`, JSON.stringify(JSON.parse(text))]];
          return typeof last === 'string' ? [...all.slice(0, -1), last + text] : [...all, text];
        }, []);
        expect(texts).toEqual(joined);
      }),
    );
  });
});

describe('an answer for a Gemini client', () => {
  it.each([
    ['stop', 'STOP'],
    ['length', 'MAX_TOKENS'],
    ['content-filter', 'SAFETY'],
    ['tool-calls', 'STOP'],
  ] as const)('that ended with %s says %s', (reason, finishReason) => {
    const response = {
      id: 'i',
      model: 'm',
      usage,
      choices: [{ parts: [{ type: 'text', text: 'a' }], finish: { reason } }],
    } as const;
    expect(encodeResponse(response, context)).toEqual({
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'a' }] }, finishReason }],
      usageMetadata,
      modelVersion: 'alias',
      responseId: 'i',
    });
  });
});
