import { describe, expect, it } from '@jest/globals';
import { describeProviderAdapter, headersOf, upstreamCall } from '../provider-conformance.ts';
import { anthropicAdapter } from './adapter.ts';

describeProviderAdapter('anthropic', {
  adapter: anthropicAdapter,
  dialect: 'anthropic',
  urls: [
    ['https://api.anthropic.com', 'https://api.anthropic.com/v1/messages'],
    ['https://api.anthropic.com/v1', 'https://api.anthropic.com/v1/messages'],
    ['https://h/anthropic/', 'https://h/anthropic/v1/messages'],
  ],
  credential: { header: 'x-api-key', value: 'x' },
  sent: { 'x-api-key': 'x' },
  ownHeaders: ['anthropic-version'],
  refusal: {
    body: '{"type":"error","error":{"type":"invalid_request_error","message":"why"},"request_id":"r"}',
    message: 'why',
  },
});

describe("Anthropic's own headers", () => {
  const call = upstreamCall('anthropic');
  const ask = (changes: Partial<typeof call>) =>
    headersOf(anthropicAdapter.buildRequest({ ...call, ...changes }).headers);

  it('are those of the profile for a request that was translated', () => {
    const profile = { ...call.profile, anthropicBetas: ['a-1', 'b-2'] };
    expect(ask({ profile })).toMatchObject({ 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a-1,b-2' });
  });

  it("are the caller's version and betas beside the profile's for one that passes through", () => {
    const profile = { ...call.profile, anthropicBetas: ['a-1'] };
    const clientHeaders = {
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'b-2, a-1,oauth-2025-04-20,, bad name',
    };
    expect(ask({ profile, clientHeaders })).toMatchObject({
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'a-1,b-2',
    });
  });

  it('C openai-to-anthropic: are of the version that is configured, unless the caller has one', () => {
    expect(ask({ apiVersion: '2024-01-01' })['anthropic-version']).toBe('2024-01-01');
    const clientHeaders = { 'anthropic-version': '2026-10-21' };
    expect(ask({ apiVersion: '2024-01-01', clientHeaders })['anthropic-version']).toBe('2026-10-21');
  });

  it('never hold a version that is none', () => {
    expect(ask({ clientHeaders: { 'anthropic-version': 'latest\r\nx: y' } })['anthropic-version']).toBe('2023-06-01');
  });
});

describe('counting tokens at Anthropic', () => {
  it('goes to its own path, without what bounds an answer', () => {
    const call = upstreamCall('anthropic', { operation: 'count-tokens', translated: true });
    const body = { model: 'm', max_tokens: 5, stream: true, messages: [], system: 's' };
    expect(anthropicAdapter.buildRequest(call).path).toBe('/v1/messages/count_tokens');
    expect(anthropicAdapter.adjustBody?.(body, call, undefined as never)).toEqual({
      model: 'm',
      messages: [],
      system: 's',
    });
    expect(anthropicAdapter.readTokenCount?.({ input_tokens: 7 })).toBe(7);
    expect(anthropicAdapter.readTokenCount?.({ input_tokens: '7' })).toBeNull();
  });
});
