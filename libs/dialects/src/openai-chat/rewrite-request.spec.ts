import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHAT_RULES } from './request-rules.ts';
import { rewriteRequest } from './rewrite-request.ts';
import { scanRequest } from './scan-request.ts';

const rewrite = (text: string, model: string, includeUsage: boolean): string => {
  const body = Buffer.from(text);
  return rewriteRequest(body, scanRequest(body, CHAT_RULES), { model, includeUsage }).toString();
};

describe('rewriteRequest', () => {
  it('gives back the same buffer when nothing changes', () => {
    const body = Buffer.from('{"model":"m","messages":[1]}');
    const facts = scanRequest(body, CHAT_RULES);
    expect(rewriteRequest(body, facts, { model: 'm', includeUsage: false })).toBe(body);
  });

  it('changes nothing but the model and the usage flag', () => {
    expect(rewrite('{ "model":"m" , "messages":[1] }', 'org/n', true)).toBe(
      '{ "model":"org/n" , "messages":[1],"stream_options":{"include_usage":true} }',
    );
  });

  it('keeps what the caller wrote into stream_options', () => {
    const text = '{"model":"m","stream_options":{"x":1,"include_usage":false},"messages":[1]}';
    expect(rewrite(text, 'm', true)).toBe('{"model":"m","stream_options":{"x":1,"include_usage":true},"messages":[1]}');
    expect(rewrite('{"stream_options":null,"model":"m","messages":[1]}', 'm', true)).toContain(
      '{"include_usage":true}',
    );
  });

  it('lets any other member of any document arrive as it was sent', () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(members, fc.string({ minLength: 1, maxLength: 20 }), fc.boolean(), (extra, model, includeUsage) => {
        const { stream_options: _, api_key: __, n: ___, ...rest } = extra;
        const sent = { ...rest, model: 'm', messages: [1], stream: true, max_tokens: 1, max_completion_tokens: 1 };
        const received = JSON.parse(rewrite(JSON.stringify(sent), model, includeUsage)) as object;
        const expected = { ...sent, model, ...(includeUsage ? { stream_options: { include_usage: true } } : {}) };
        expect(received).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
      { numRuns: 1000 },
    );
  });
});
