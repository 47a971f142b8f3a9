import { describe, expect, it } from '@jest/globals';
import { adapterFor } from '../provider-adapters.ts';
import { openAiCompatibleAdapter } from './adapter.ts';

const adapter = openAiCompatibleAdapter('vllm');
const call = {
  operation: 'chat',
  baseUrl: 'http://127.0.0.1:8000/v1',
  upstreamModel: 'm',
  stream: true,
  body: Buffer.from('{}'),
  auth: { header: 'Authorization', value: 'Bearer x' },
  requestId: 'r1',
} as const;

describe('openAiCompatibleAdapter', () => {
  it.each([
    ['http://h:1/v1', '/v1/chat/completions'],
    ['http://h:1/v1/', '/v1/chat/completions'],
    ['http://h:1', '/v1/chat/completions'],
    ['https://h/api/paas/v4', '/api/paas/v4/chat/completions'],
  ])('joins %s', (baseUrl, path) => {
    expect(adapter.buildRequest({ ...call, baseUrl }).path).toBe(path);
  });

  it('sends its own headers and the credential, nothing else', () => {
    const { headers, method, body } = adapter.buildRequest(call);
    const names = headers.filter((_, index) => index % 2 === 0);
    expect([method, body]).toEqual(['POST', call.body]);
    expect(names).toEqual(['accept-encoding', 'user-agent', 'x-request-id', 'accept', 'content-type', 'Authorization']);
    expect(headers.at(-1)).toBe('Bearer x');
  });

  it('asks for the models without a body', () => {
    expect(adapter.buildRequest({ ...call, operation: 'models', body: null })).toMatchObject({
      method: 'GET',
      path: '/v1/models',
    });
  });

  it.each([
    [401, 'upstream_auth_error', 502, true],
    [403, 'upstream_auth_error', 502, true],
    [400, 'upstream_client_error', 400, false],
    [404, 'upstream_client_error', 404, false],
    [422, 'upstream_client_error', 422, false],
    [429, 'rate_limit_exceeded', 429, true],
    [500, 'upstream_error', 502, true],
    [503, 'upstream_error', 502, true],
    [504, 'upstream_timeout', 504, true],
    [529, 'upstream_error', 502, true],
  ])('reads status %i as %s', (status, code, ours, retryable) => {
    const read = adapter.readError(status, {}, '{"error":{"message":"why"}}');
    expect([read.error.code, read.error.status, read.retryable]).toEqual([code, ours, retryable]);
  });

  it('never shows how the upstream refused the credential', () => {
    const body = '{"error":{"message":"Incorrect API key provided: sk-abcdef"}}';
    expect(adapter.readError(401, {}, body).error.message).not.toContain('sk-');
  });

  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after-ms': '150' }, 150],
    [{ 'retry-after': 'garbage' }, 1000],
    [{ 'retry-after': '99999999' }, 86_400_000],
  ])('cools down as %j says', (headers, cooldownMs) => {
    expect(adapter.readError(429, headers, '').cooldownMs).toBe(cooldownMs);
  });
});

describe('adapterFor', () => {
  it("serves an admin's own OpenAI-shaped template and no vendor it cannot talk to", () => {
    expect(adapterFor('my-server', 'openai-chat')).toBeDefined();
    expect(adapterFor('anthropic', 'anthropic')).toBeUndefined();
    expect(adapterFor('azure-openai', 'openai-chat')).toBeUndefined();
  });
});
