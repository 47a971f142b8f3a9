import { describe, expect, it } from '@jest/globals';
import type { GatewayError } from '@penstock/contracts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { rewriteRequest } from '../openai-chat/rewrite-request.ts';
import { scanResponsesRequest } from './scan-responses-request.ts';

const scan = (extra: object, base: object = { model: 'm', input: 'hi' }) =>
  scanResponsesRequest(Buffer.from(JSON.stringify({ ...base, ...extra })));

function refusal(extra: object, base?: object): readonly [string, string | null] {
  try {
    scan(extra, base);
  } catch (error) {
    return [(error as GatewayError).code, (error as GatewayError).param];
  }
  return ['accepted', null];
}

describe('scanResponsesRequest', () => {
  it('reads what routing, limits and metering need', () => {
    expect(scan({ stream: true, max_output_tokens: 7, n: 3, max_tokens: 9 })).toMatchObject({
      model: 'm',
      stream: true,
      maxOutputTokens: 7,
      choices: 1,
      hasSealedSignatures: false,
    });
    expect(scan({ max_output_tokens: null }).maxOutputTokens).toBeNull();
  });

  it('has only the model rewritten', () => {
    const body = Buffer.from('{ "model":"alias", "input":[1.0], "stream":true,"stream_options":null }');
    const rewritten = rewriteRequest(body, scanResponsesRequest(body), { model: 'gpt-5', includeUsage: true });
    expect(rewritten.toString()).toBe('{ "model":"gpt-5", "input":[1.0], "stream":true,"stream_options":null }');
  });

  it('sees the envelopes of signatures', () => {
    const sealed = sealSignature({ dialect: 'gemini', modelGroup: 'g', value: 'x' });
    expect(scan({ input: [{ type: 'reasoning', encrypted_content: sealed }] }).hasSealedSignatures).toBe(true);
  });

  it('lets a text speak of references and unknown fields pass', () => {
    expect(refusal({ input: [{ role: 'user', content: '"item_reference"' }], future: 1, background: false })).toEqual([
      'accepted',
      null,
    ]);
    const quoting = [{ role: 'user', content: [{ type: 'input_text', text: 'x', annotations: ['item_reference'] }] }];
    expect(refusal({ input: quoting })).toEqual(['accepted', null]);
  });

  it.each([
    [{ previous_response_id: 'resp_1' }, 'unsupported_parameter', 'previous_response_id'],
    [{ conversation: { id: 'c' } }, 'unsupported_parameter', 'conversation'],
    [{ prompt: { id: 'p' } }, 'unsupported_parameter', 'prompt'],
    [{ background: true }, 'unsupported_parameter', 'background'],
    [{ input: ['x', { type: 'item_reference', id: 'i' }] }, 'unsupported_parameter', 'input[1]'],
    [{ input: 5 }, 'invalid_type', 'input'],
    [{ max_output_tokens: '7' }, 'invalid_type', 'max_output_tokens'],
    [{ max_output_tokens: 0 }, 'invalid_request', 'max_output_tokens'],
    [{ api_base: 'http://evil' }, 'unknown_parameter', 'api_base'],
  ])('refuses %j with %s', (extra, code, param) => {
    expect(refusal(extra)).toEqual([code, param]);
  });

  it('names what is missing', () => {
    expect(refusal({}, { input: 'x' })).toEqual(['missing_required_parameter', 'model']);
    expect(refusal({}, { model: 'm' })).toEqual(['missing_required_parameter', 'input']);
  });
});
