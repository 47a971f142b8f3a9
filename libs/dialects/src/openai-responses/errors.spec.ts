import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import OpenAI, { APIError } from 'openai';
import { SseParser } from '../sse/sse-parser.ts';
import { readResponsesFault, renderResponsesError, renderResponsesErrorFrame } from './errors.ts';
import { responseId } from './response-id.ts';

const body = (error: object): string => JSON.stringify({ error });

describe('errors of the Responses API', () => {
  it('render all four fields, and the names of a vendor of the same dialect', () => {
    expect(renderResponsesError(new GatewayError('invalid_type', 'Wrong.', { param: 'input' }))).toEqual({
      error: { message: 'Wrong.', type: 'invalid_request_error', param: 'input', code: 'invalid_type' },
    });
    const upstream = { type: 'insufficient_quota', code: 'insufficient_quota' };
    expect(renderResponsesError(new GatewayError('rate_limit_exceeded', 'm', { upstream }))).toMatchObject({
      error: upstream,
    });
  });

  it('end a stream with the two events that OpenAI itself ends it with', () => {
    const frame = renderResponsesErrorFrame(new GatewayError('upstream_error', 'It broke.'), 'req-1');
    const events = new SseParser().push(Buffer.from(frame));
    expect(events.map(({ event }) => event)).toEqual(['error', 'response.failed']);
    expect(events.map(({ data }) => JSON.parse(data) as unknown)).toMatchObject([
      { type: 'error', code: 'upstream_error', message: 'It broke.', param: null, sequence_number: 0 },
      {
        type: 'response.failed',
        response: { id: responseId('req-1'), status: 'failed', error: { code: 'server_error', message: 'It broke.' } },
      },
    ]);
  });

  it('make the official SDK throw amid a stream', async () => {
    const frame = renderResponsesErrorFrame(new GatewayError('upstream_error', 'It broke.'), 'req-1');
    const headers = { 'content-type': 'text/event-stream' };
    const fetch = (): Promise<Response> => Promise.resolve(new Response(frame, { headers }));
    const client = new OpenAI({ apiKey: 'x', baseURL: 'http://127.0.0.1/v1', fetch, maxRetries: 0 });
    const stream = await client.responses.create({ model: 'm', input: 'x', stream: true });
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow(APIError);
    await expect(client.responses.stream({ model: 'm', input: 'x' }).finalResponse()).rejects.toThrow('It broke.');
  });

  it.each([
    [429, { message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' }, 'quota'],
    [429, { message: 'm', type: 'tokens', code: 'rate_limit_exceeded' }, 'rate-limit'],
    [400, { message: 'm', type: 'invalid_request_error', code: 'context_length_exceeded' }, 'context-length'],
    [
      400,
      { message: "This model's maximum context length is 5", type: 'BadRequestError', code: 400 },
      'context-length',
    ],
    [400, { message: 'm', type: 'invalid_request_error', param: 'input[0].id' }, 'bad-request'],
    [400, { message: 'm', code: 'content_filter' }, 'content-filter'],
    [401, { message: 'm', type: 'invalid_request_error', code: 'invalid_api_key' }, 'authentication'],
    [403, { message: 'm', type: 'invalid_request_error' }, 'permission'],
    [404, { message: 'm', type: 'invalid_request_error', code: 'model_not_found' }, 'not-found'],
    [413, { message: 'm' }, 'too-large'],
    [409, { message: 'm' }, 'conflict'],
    [504, { message: 'm' }, 'timeout'],
    [503, { message: 'm', type: 'server_error' }, 'overloaded'],
    [500, { message: 'm', type: 'server_error' }, 'upstream'],
    [200, { message: 'm', type: 'server_error' }, 'upstream'],
    [200, { message: 'm', code: 'invalid_prompt' }, 'bad-request'],
    [200, {}, 'upstream'],
  ])('are read from a %d with %j as %s', (status, error, fault) => {
    expect(readResponsesFault(status, body(error))).toMatchObject({ fault });
  });

  it('are read from the shapes of others', () => {
    expect(readResponsesFault(400, '{"object":"error","message":"b","type":"BadRequestError"}')).toMatchObject({
      fault: 'bad-request',
      message: 'b',
    });
    expect(readResponsesFault(500, '{"error":"plain"}')).toMatchObject({ message: 'plain' });
    for (const none of ['<html>', '{}', '[]', '"x"']) expect(readResponsesFault(500, none)).toBeNull();
  });

  it('tell how long to wait when the message does', () => {
    const wait = (message: string) => readResponsesFault(429, body({ message }))?.retryAfterMs;
    expect(wait('Please try again in 1.3s.')).toBe(1300);
    expect(wait('Please try again in 28ms.')).toBe(28);
    expect(wait('Too many.')).toBeUndefined();
  });
});
