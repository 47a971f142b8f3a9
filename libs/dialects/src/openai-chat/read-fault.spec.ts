import { describe, expect, it } from '@jest/globals';
import { readFault } from './read-fault.ts';

const openAi = (type: string | null, code: string | null, message = 'm') =>
  JSON.stringify({ error: { message, type, code, param: null } });

describe('readFault of Chat', () => {
  it.each<[string, number, string, object]>([
    [
      'a guard of Mistral, which is no matter of permission',
      403,
      '{"object":"error","message":"blocked","type":"moderation_blocked","param":null,"code":"3800"}',
      { fault: 'content-filter', message: 'blocked', type: 'moderation_blocked', code: '3800', param: null },
    ],
    [
      'OpenAI',
      400,
      '{"error":{"message":"m","type":"invalid_request_error","param":"p","code":"unsupported_value"}}',
      { fault: 'bad-request', message: 'm', type: 'invalid_request_error', code: 'unsupported_value', param: 'p' },
    ],
    [
      'old vLLM (E04)',
      400,
      '{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}',
      { fault: 'bad-request', message: 'm', type: 'BadRequestError', code: null, param: null },
    ],
    [
      'new vLLM',
      404,
      '{"error":{"message":"m","type":"NotFoundError","param":null,"code":404}}',
      { fault: 'not-found', message: 'm', type: 'NotFoundError', code: null, param: null },
    ],
    [
      "Mistral's details (E05)",
      422,
      '{"detail":[{"type":"extra_forbidden","loc":["body","messages",0,"name"],"msg":"Extra inputs are not permitted","input":"x"},{"loc":["body","user"],"msg":"Extra"}]}',
      {
        fault: 'bad-request',
        message: 'body.messages.0.name: Extra inputs are not permitted; body.user: Extra',
        type: null,
        code: null,
        param: null,
      },
    ],
    [
      "Mistral's details within",
      422,
      '{"object":"error","message":{"detail":[{"loc":["body","user"],"msg":"Extra"}]},"type":"invalid_request_error","code":null}',
      { fault: 'bad-request', message: 'body.user: Extra', type: 'invalid_request_error', code: null, param: null },
    ],
    [
      'FastAPI',
      404,
      '{"detail":"Not Found"}',
      { fault: 'not-found', message: 'Not Found', type: null, code: null, param: null },
    ],
    [
      'Azure (E07)',
      400,
      '{"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{}}}}',
      { fault: 'content-filter', message: 'filtered', type: null, code: 'content_filter', param: 'prompt' },
    ],
    [
      'Azure without a code',
      400,
      '{"error":{"message":"filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}}',
      { fault: 'content-filter', message: 'filtered', type: null, code: 'ResponsibleAIPolicyViolation', param: null },
    ],
    [
      'Google',
      429,
      '[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}]',
      { fault: 'rate-limit', message: 'm', type: 'RESOURCE_EXHAUSTED', code: null, param: null },
    ],
    ['text alone', 500, '{"error":"m"}', { fault: 'upstream', message: 'm', type: null, code: null, param: null }],
  ])('reads %s', (_name, status, body, fault) => {
    expect(readFault(status, body)).toEqual(fault);
  });

  it.each([
    [400, openAi('invalid_request_error', 'context_length_exceeded'), 'context-length'],
    [400, openAi('BadRequestError', null, "This model's maximum context length is 4096 tokens."), 'context-length'],
    [400, openAi(null, null, 'prompt is too long: 5 tokens > 4 maximum'), 'context-length'],
    [413, openAi(null, null), 'too-large'],
    [401, openAi('invalid_request_error', 'invalid_api_key'), 'authentication'],
    [403, openAi(null, null), 'permission'],
    [404, openAi('invalid_request_error', 'model_not_found'), 'not-found'],
    [429, openAi('insufficient_quota', 'insufficient_quota'), 'quota'],
    [429, openAi('tokens', 'rate_limit_exceeded'), 'rate-limit'],
    [402, openAi(null, null), 'quota'],
    [408, openAi(null, null), 'timeout'],
    [409, openAi(null, null), 'conflict'],
    [503, openAi(null, null), 'overloaded'],
    [504, openAi(null, null), 'timeout'],
    [500, openAi('server_error', null), 'upstream'],
    [500, openAi('server_error', null, 'the context window of the scheduler'), 'upstream'],
    [418, openAi(null, null), 'upstream'],
  ])('takes %j with %s for %s', (status, body, fault) => {
    expect(readFault(status, body)).toMatchObject({ fault });
  });

  it.each(['<html>502</html>', '', '{}', '[]', '"x"', '{"choices":[],"detail":"x"}'])(
    'knows nothing of %j (E10)',
    (body) => {
      expect(readFault(502, body)).toBeNull();
    },
  );
});
