import { describe, expect, it } from '@jest/globals';
import { Warnings } from '@penstock/dialects';
import { describeProviderAdapter, headersOf, upstreamCall } from '../provider-conformance.ts';
import { awsBedrockAdapter } from './adapter.ts';

describeProviderAdapter('awsbedrock', {
  adapter: awsBedrockAdapter,
  dialect: 'bedrock-converse',
  urls: [
    [
      'https://bedrock-runtime.eu-west-1.amazonaws.com',
      'https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse',
    ],
    ['https://h/prefix/', 'https://h/prefix/model/m/converse'],
  ],
  credential: { header: 'Authorization', value: 'Bearer ABSKkey' },
  sent: { authorization: 'Bearer ABSKkey' },
  refusal: { body: '{"message":"why"}', message: 'why' },
});

describe('the paths of Bedrock', () => {
  const call = upstreamCall('bedrock-converse', { upstreamModel: 'us.anthropic.claude-v2:0' });

  it('escape ids and ARNs of models', () => {
    expect(awsBedrockAdapter.buildRequest({ ...call, stream: true }).path).toBe(
      '/model/us.anthropic.claude-v2%3A0/converse-stream',
    );
    const arn = 'arn:aws:bedrock:us-east-1:1:inference-profile/x';
    expect(awsBedrockAdapter.buildRequest({ ...call, upstreamModel: arn }).path).toBe(
      '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse',
    );
  });

  it('count the tokens of a conversation', () => {
    const counting = { ...call, operation: 'count-tokens' } as const;
    expect(awsBedrockAdapter.buildRequest(counting).path).toBe('/model/us.anthropic.claude-v2%3A0/count-tokens');
    const body = { messages: [], system: [], inferenceConfig: { maxTokens: 1 } };
    expect(awsBedrockAdapter.adjustBody?.(body, counting, new Warnings('strict'))).toEqual({
      input: { converse: { messages: [], system: [] } },
    });
    expect(awsBedrockAdapter.readTokenCount?.({ inputTokens: 3 })).toBe(3);
  });
});

describe('a request to Bedrock with an access key', () => {
  const auth = { header: 'Authorization', value: 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG+secret:token' };
  const baseUrl = 'https://bedrock-runtime.eu-west-1.amazonaws.com';
  const call = upstreamCall('bedrock-converse', { auth, baseUrl, upstreamModel: 'a:0' });
  const sign = (changes: Partial<typeof call> = {}) =>
    headersOf(awsBedrockAdapter.buildRequest({ ...call, ...changes }).headers);

  it('is signed for the region of its host', () => {
    const headers = sign();
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20260102\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=[a-z;-]*host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    expect(headers).toMatchObject({ 'x-amz-date': '20260102T030405Z', 'x-amz-security-token': 'token' });
  });

  it('never holds the secret, and another signature for another body, path or time', () => {
    const signatures = [
      sign(),
      sign({ body: Buffer.from('{"a":1}') }),
      sign({ upstreamModel: 'b' }),
      sign({ now: new Date(0) }),
    ].map((headers) => headers['authorization']);
    expect(new Set(signatures).size).toBe(4);
    expect(sign()).toEqual(sign());
    expect(sign({ auth: { ...auth, value: `Bearer ${auth.value}` } })).toEqual(sign());
    expect(JSON.stringify(sign())).not.toContain('wJalrXUtnFEMI');
  });
});
