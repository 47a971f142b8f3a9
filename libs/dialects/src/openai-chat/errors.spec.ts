import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import { openAiErrorFrame, readOpenAiErrorBody, renderOpenAiError } from './errors.ts';

describe('OpenAI errors', () => {
  it('render all four fields', () => {
    const error = new GatewayError('invalid_type', 'Wrong.', { param: 'n' });
    expect(JSON.parse(renderOpenAiError(error).toString())).toEqual({
      error: { message: 'Wrong.', type: 'invalid_request_error', param: 'n', code: 'invalid_type' },
    });
  });

  it("relay the vendor's own type and code", () => {
    const upstream = { type: 'invalid_request_error', code: 'context_length_exceeded' };
    const frame = openAiErrorFrame(new GatewayError('upstream_client_error', 'Too long.', { upstream })).toString();
    expect(frame).toMatch(/^data: \{.*"code":"context_length_exceeded".*\}\n\n$/);
  });

  it.each([
    [
      '{"error":{"message":"a","type":"t","param":null,"code":"c"}}',
      { message: 'a', type: 't', code: 'c', param: null },
    ],
    [
      '{"object":"error","message":"b","type":"BadRequestError","code":400}',
      { message: 'b', type: 'BadRequestError', code: null, param: null },
    ],
    ['{"error":"plain"}', { message: 'plain', type: null, code: null, param: null }],
    ['{"detail":"Not Found"}', { message: 'Not Found', type: null, code: null, param: null }],
    ['<html>', null],
    ['{}', null],
  ])('are read from %s', (body, expected) => {
    expect(readOpenAiErrorBody(body)).toEqual(expected);
  });
});
