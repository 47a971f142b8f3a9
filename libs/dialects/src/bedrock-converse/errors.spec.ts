import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import { bedrockConverseCodec } from './codec.ts';
import { readBedrockFault, readFault } from './errors.ts';

const body = (message: string) => JSON.stringify({ message });

describe("Bedrock's errors", () => {
  it.each([
    [429, 'ThrottlingException', 'Too many requests, please wait before trying again.', 'rate-limit'],
    [429, 'ThrottlingException', 'Too many tokens per day, please wait before trying again.', 'quota'],
    [400, 'ServiceQuotaExceededException', 'm', 'quota'],
    [400, 'ValidationException', 'Malformed input request.', 'bad-request'],
    [400, 'ValidationException', 'Input is too long for requested model.', 'context-length'],
    [403, 'AccessDeniedException', 'm', 'permission'],
    [403, 'UnrecognizedClientException', 'm', 'authentication'],
    [403, 'ExpiredTokenException', 'm', 'authentication'],
    [404, 'ResourceNotFoundException', 'm', 'not-found'],
    [408, 'ModelTimeoutException', 'm', 'timeout'],
    [424, 'ModelErrorException', 'm', 'upstream'],
    [429, 'ModelNotReadyException', 'm', 'overloaded'],
    [503, 'ServiceUnavailableException', 'm', 'overloaded'],
    [500, 'InternalServerException', 'm', 'upstream'],
    [418, 'TeapotException', 'm', 'bad-request'],
  ])('of status %d and type %s (%s) are of class %s', (status, type, message, fault) => {
    const header = `${type}:http://internal.amazon.com/coral/com.amazon.bedrock/`;
    expect(readBedrockFault(status, body(message), header)).toEqual({ fault, message, type, code: null, param: null });
  });

  it('go by the status, or the type in the body, without the header', () => {
    expect(readFault(403, body('m'))).toMatchObject({ fault: 'permission', type: null });
    expect(readFault(400, '{"__type":"com.amazon.coral#ThrottlingException","Message":"m"}')).toMatchObject({
      fault: 'rate-limit',
      type: 'ThrottlingException',
      message: 'm',
    });
  });

  it.each(['', '<html>', '[]', '{}', 'null'])('are not found in %j', (text) => {
    expect(readFault(500, text)).toBeNull();
  });
});

describe('the half of the codec that no caller meets', () => {
  it('says that it is not served', () => {
    const error = new GatewayError('internal_error', 'x');
    const context = {} as EncodeAnswerContext;
    const codec = bedrockConverseCodec;
    const calls = [
      () => codec.decodeRequest({}),
      () => codec.encodeResponse({ id: '', model: '', choices: [], usage: null }, context),
      () => codec.createStreamEncoder(context),
      () => codec.renderErrorFrame(error, 'r'),
    ];
    for (const call of calls) expect(call).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('still writes an error body', () => {
    const error = new GatewayError('overloaded', 'Busy.');
    expect(bedrockConverseCodec.renderError(error, 'r')).toEqual({
      message: 'Busy.',
      code: 'overloaded',
      requestId: 'r',
    });
  });
});
