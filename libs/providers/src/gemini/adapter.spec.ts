import { describe, expect, it } from '@jest/globals';
import { Warnings } from '@penstock/dialects';
import { describeProviderAdapter, headersOf, upstreamCall } from '../provider-conformance.ts';
import { geminiAdapter } from './adapter.ts';

describeProviderAdapter('gemini', {
  adapter: geminiAdapter,
  dialect: 'gemini',
  urls: [
    ['https://g.test', 'https://g.test/v1beta/models/m:generateContent'],
    ['https://g.test/v1beta/', 'https://g.test/v1beta/models/m:generateContent'],
    ['https://g.test/v1', 'https://g.test/v1/models/m:generateContent'],
    [
      'https://v.test/v1/projects/p/locations/l/publishers/google',
      'https://v.test/v1/projects/p/locations/l/publishers/google/models/m:generateContent',
    ],
  ],
  credential: { header: 'x-goog-api-key', value: 'x' },
  sent: { 'x-goog-api-key': 'x' },
  refusal: { body: '{"error":{"code":400,"message":"why","status":"INVALID_ARGUMENT"}}', message: 'why' },
});

describe('the paths of Gemini', () => {
  const call = upstreamCall('gemini', { auth: { header: 'x-goog-api-key', value: 'k' } });
  const path = (changes: Partial<typeof call>) => geminiAdapter.buildRequest({ ...call, ...changes }).path;

  it('stream as server-sent events', () => {
    expect(path({ stream: true })).toBe('/v1beta/models/m:streamGenerateContent?alt=sse');
  });

  it('take names with and without their collection', () => {
    expect(path({ upstreamModel: 'models/m' })).toBe('/v1beta/models/m:generateContent');
    expect(path({ upstreamModel: 'tunedModels/m' })).toBe('/v1beta/tunedModels/m:generateContent');
  });

  it('ask the compatible endpoint for embeddings, which knows the key as a bearer token', () => {
    const request = geminiAdapter.buildRequest({ ...call, operation: 'embeddings', dialect: 'openai-chat' });
    const headers = headersOf(request.headers);
    expect(request.path).toBe('/v1beta/openai/embeddings');
    expect([headers['authorization'], headers['x-goog-api-key']]).toEqual(['Bearer k', undefined]);
  });

  it('count tokens of a whole request', () => {
    const counting = { ...call, operation: 'count-tokens', translated: true } as const;
    expect(path(counting)).toBe('/v1beta/models/m:countTokens');
    expect(geminiAdapter.adjustBody?.({ contents: [] }, counting, new Warnings('strict'))).toEqual({
      generateContentRequest: { model: 'models/m', contents: [] },
    });
    expect(geminiAdapter.readTokenCount?.({ totalTokens: 3 })).toBe(3);
  });
});

describe('C openai-to-gemini: a version that is configured', () => {
  const at = (apiVersion: string | null, baseUrl: string) =>
    geminiAdapter.buildRequest(upstreamCall('gemini', { apiVersion, baseUrl, upstreamModel: 'm' })).path;

  it('stands in the path unless the base URL says another', () => {
    expect(at('v1', 'https://g.example')).toBe('/v1/models/m:generateContent');
    expect(at('v1', 'https://g.example/v1beta')).toBe('/v1beta/models/m:generateContent');
    expect(at(null, 'https://g.example')).toBe('/v1beta/models/m:generateContent');
  });
});

describe('errors of Gemini', () => {
  it('tell of a key that is not valid as of any refused credential', () => {
    const body = '{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}';
    expect(geminiAdapter.readError(400, {}, body).error).toMatchObject({ code: 'upstream_auth_error', status: 502 });
  });

  it('wait as long as the details say', () => {
    const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' };
    const body = JSON.stringify({ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED', details: [retry] } });
    expect(geminiAdapter.readError(429, {}, body)).toMatchObject({
      cooldownMs: 34_400,
      error: { retryAfterMs: 34_400 },
    });
  });
});
