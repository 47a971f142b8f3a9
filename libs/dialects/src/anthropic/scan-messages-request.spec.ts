import { describe, expect, it } from '@jest/globals';
import type { GatewayError } from '@penstock/contracts';
import fc from 'fast-check';
import { rewriteRequest } from '../openai-chat/rewrite-request.ts';
import { COUNT_TOKENS_RULES, MESSAGES_RULES } from './messages-rules.ts';
import { scanMessagesRequest } from './scan-messages-request.ts';

const base = { model: 'm', max_tokens: 7, messages: [{ role: 'user', content: 'hi' }] };
const scan = (document: unknown) => scanMessagesRequest(Buffer.from(JSON.stringify(document)), MESSAGES_RULES);
const refusal = (document: unknown): [string, string | null] => {
  try {
    scan(document);
  } catch (error) {
    return [(error as GatewayError).code, (error as GatewayError).param];
  }
  return ['accepted', null];
};

describe('scanMessagesRequest', () => {
  it('reads what routing, limits and metering need', () => {
    expect(scan({ ...base, stream: true })).toMatchObject({
      model: 'm',
      stream: true,
      includeUsage: true,
      maxOutputTokens: 7,
      choices: 1,
      hasSealedSignatures: false,
    });
  });

  it('takes null for what may be left out, and 0 for a bound', () => {
    expect(scan({ ...base, stream: null, max_tokens: null })).toMatchObject({ stream: false, maxOutputTokens: null });
    expect(scan({ ...base, max_tokens: 0 }).maxOutputTokens).toBe(0);
  });

  it('lets fields pass that it does not know', () => {
    expect(scan({ ...base, n: 'x', future: {}, context_management: {} }).model).toBe('m');
  });

  it('notices envelopes in place of signatures', () => {
    const content = [{ type: 'thinking', thinking: '', signature: 'gw1:gemini:eA:eA' }];
    expect(scan({ ...base, messages: [{ role: 'assistant', content }] }).hasSealedSignatures).toBe(true);
  });

  it.each([
    [{ model: 7 }, 'invalid_type', 'model'],
    [{ model: '' }, 'missing_required_parameter', 'model'],
    [{ model: 'x'.repeat(256) }, 'invalid_request', 'model'],
    [{ model: 'x'.repeat(2000) }, 'invalid_request', 'model'],
    [{ model: 'a\u0000b' }, 'invalid_request', 'model'],
    [{ stream: 'true' }, 'invalid_type', 'stream'],
    [{ max_tokens: -1 }, 'invalid_request', 'max_tokens'],
    [{ max_tokens: '5' }, 'invalid_type', 'max_tokens'],
    [{ messages: 'hi' }, 'invalid_type', 'messages'],
    [{ messages: [] }, 'invalid_request', 'messages'],
    [{ messages: undefined }, 'missing_required_parameter', 'messages'],
    [{ model: undefined }, 'missing_required_parameter', 'model'],
    [{ api_base: 'http://evil' }, 'unknown_parameter', 'api_base'],
    [{ fallbacks: [{ model: 'dearer' }] }, 'unknown_parameter', 'fallbacks'],
  ])('refuses %j with %s', (extra, code, param) => {
    expect(refusal({ ...base, ...extra })).toEqual([code, param]);
  });

  it('refuses a second model, however it is spelled', () => {
    const body = Buffer.from('{"model":"a","mod\\u0065l":"b","messages":[1]}');
    expect(() => scanMessagesRequest(body, MESSAGES_RULES)).toThrow('twice');
  });

  it('does not stream a count', () => {
    const body = Buffer.from(JSON.stringify({ ...base, stream: true }));
    expect(() => scanMessagesRequest(body, COUNT_TOKENS_RULES)).toThrow('does not stream');
  });

  it('lets all bytes but the model arrive as they were sent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string({ minLength: 1, maxLength: 20 }),
        (extra, model) => {
          const { api_key: _, fallbacks: __, ...rest } = extra;
          const body = Buffer.from(
            JSON.stringify({ ...rest, ...base }, null, 1).replace('"max_tokens": 7', '"max_tokens": 7.0'),
          );
          const sent = rewriteRequest(body, scanMessagesRequest(body, MESSAGES_RULES), { model, includeUsage: true });
          expect(sent.toString()).toBe(
            body.toString().replace(/"model": "m"/, () => `"model": ${JSON.stringify(model)}`),
          );
        },
      ),
    );
  });
});
