import { describe, expect, it } from '@jest/globals';
import type { GatewayError } from '@penstock/contracts';
import { CHAT_RULES, EMBEDDINGS_RULES } from './request-rules.ts';
import { scanRequest } from './scan-request.ts';

const chat = (extra: object, base: object = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }) =>
  scanRequest(Buffer.from(JSON.stringify({ ...base, ...extra })), CHAT_RULES);

const refusal = (extra: object, base?: object): [string, string | null] => {
  try {
    chat(extra, base);
  } catch (error) {
    return [(error as GatewayError).code, (error as GatewayError).param];
  }
  return ['accepted', null];
};

describe('scanRequest', () => {
  it('reads what routing, limits and metering need', () => {
    const facts = chat({ stream: true, stream_options: { include_usage: true }, max_tokens: 7, n: 2 });
    expect(facts).toMatchObject({ model: 'm', stream: true, includeUsage: true, maxOutputTokens: 7, choices: 2 });
  });

  it('prefers max_completion_tokens to max_tokens', () => {
    expect(chat({ max_tokens: 9, max_completion_tokens: 5 }).maxOutputTokens).toBe(5);
  });

  it('takes null for what may be left out', () => {
    const facts = chat({ stream: null, stream_options: null, max_tokens: null, n: null });
    expect(facts).toMatchObject({ stream: false, includeUsage: false, maxOutputTokens: null, choices: 1 });
  });

  it('lets unknown fields pass', () => {
    expect(chat({ guided_json: {}, future_field: 1 }).model).toBe('m');
  });

  it.each([
    [{ stream: 'true' }, 'invalid_type', 'stream'],
    [{ model: 7 }, 'invalid_type', 'model'],
    [{ model: '' }, 'missing_required_parameter', 'model'],
    [{ model: 'x'.repeat(256) }, 'invalid_request', 'model'],
    [{ model: 'a\u0000b' }, 'invalid_request', 'model'],
    [{ messages: 'hi' }, 'invalid_type', 'messages'],
    [{ messages: [] }, 'invalid_request', 'messages'],
    [{ n: 129 }, 'invalid_request', 'n'],
    [{ n: 18446744073686646784 }, 'invalid_request', 'n'],
    [{ max_tokens: 0 }, 'invalid_request', 'max_tokens'],
    [{ max_tokens: '5' }, 'invalid_type', 'max_tokens'],
    [{ stream_options: [] }, 'invalid_type', 'stream_options'],
    [{ stream_options: { include_usage: 1 } }, 'invalid_type', 'stream_options.include_usage'],
    [{ api_base: 'http://evil' }, 'unknown_parameter', 'api_base'],
    [{ mock_response: 'x' }, 'unknown_parameter', 'mock_response'],
  ])('refuses %j with %s', (extra, code, param) => {
    expect(refusal(extra)).toEqual([code, param]);
  });

  it('refuses a raw control character however far into a string it stands', () => {
    const long = 'a'.repeat(200);
    for (const text of [`{"model":"${long}\n","messages":[1]}`, `{"${long}\n":1,"model":"m","messages":[1]}`]) {
      expect(() => scanRequest(Buffer.from(text), CHAT_RULES)).toThrow('control character');
    }
  });

  it('names what is missing', () => {
    expect(refusal({}, { messages: [{}] })).toEqual(['missing_required_parameter', 'model']);
    expect(refusal({}, { model: 'm' })).toEqual(['missing_required_parameter', 'messages']);
  });

  it('does not stream embeddings', () => {
    const body = Buffer.from('{"model":"m","input":"x","stream":true}');
    expect(() => scanRequest(body, EMBEDDINGS_RULES)).toThrow('does not stream');
  });
});
