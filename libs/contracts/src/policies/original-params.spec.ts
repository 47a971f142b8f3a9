import { describe, expect, it } from '@jest/globals';
import { findPolicy } from './policy-catalogue.ts';

/** `path: message` of everything that is wrong with the parameters of a policy. */
function faults(name: string, params: unknown): readonly string[] {
  const { error } = findPolicy(name)?.params.safeParse(params) ?? {};
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}
const parsed = (name: string, params: unknown): unknown => findPolicy(name)?.params.parse(params);
const off = { enabled: false };
const count = (duration: string) => [{ count: 1, duration }];

describe('C: parameters as documents of the original have them', () => {
  it.each([
    ['api-key-auth', { key: 'API-Key', in: 'header' }],
    ['api-key-auth', { key: 'apikey', in: 'query', valuePrefix: 'Bearer' }],
    ['token-based-ratelimit', { totalTokenLimits: count('1m') }],
    ['token-based-ratelimit', { promptTokenLimits: count('24h'), completionTokenLimits: [], totalTokenLimits: [] }],
    ['token-based-ratelimit', { completionTokenLimits: count('1h'), consumerBased: true }],
    ['basic-ratelimit', { limits: Array.from({ length: 10 }, () => ({ requests: 1_000_000_000, duration: '1h' })) }],
    ['llm-cost', {}],
    ['llm-cost-based-ratelimit', { budgetLimits: [{ amount: 0.000001, duration: '24h' }], consumerBased: true }],
    ['model-round-robin', { models: [{ model: 'a' }, { model: 'b', provider: 'p' }], suspendDuration: 0 }],
    ['model-weighted-round-robin', { models: [{ model: 'a', weight: 1, provider: 'p' }] }],
    ['prompt-decorator', { promptDecoratorConfig: { text: 'T' } }],
    ['prompt-decorator', { promptDecoratorConfig: { messages: [{ role: 'system', content: 'C' }] }, append: true }],
    ['prompt-decorator', { promptDecoratorConfig: '{"decoration":"T"}', jsonPath: '$.messages[-1].content' }],
    ['prompt-template', { templates: [{ name: 'a-1_B', template: '[[x]]' }], jsonPath: '' }],
    ['prompt-template', { templates: [{ name: 'a', template: 'x' }], jsonPath: '$.messages[0].content' }],
    ['regex-guardrail', { request: { regex: 'a', jsonPath: '', invert: true, showAssessment: true } }],
    ['regex-guardrail', { request: { regex: 'a' }, response: off }],
    ['regex-guardrail', { response: { enabled: true, regex: 'a', streamingJsonPath: '$.choices[0].delta.content' } }],
    ['word-count-guardrail', { request: off, response: { enabled: true, min: 0, max: 1 } }],
    ['sentence-count-guardrail', { request: { min: 0, max: 1 }, response: off }],
    ['content-length-guardrail', { request: { enabled: false, max: 5 }, response: { min: 1, max: 2 } }],
    ['url-guardrail', { request: off, response: { onlyDNS: false, timeout: 3000 } }],
    ['json-schema-guardrail', { request: off, response: { schema: '{"type":"object"}', jsonPath: '$.a' } }],
    ['pii-masking-regex', { email: true, jsonPath: '$.messages[-1].content' }],
    ['pii-masking-regex', { customPIIEntities: [{ piiEntity: 'BADGE', piiRegex: '[0-9]+' }], redactPII: true }],
    ['cors', {}],
    ['cors', { allowedOrigins: ['*'], allowedHeaders: [], exposedHeaders: [], maxAge: 0, forwardPreflight: false }],
    ['set-headers', { requestHeaders: [{ name: 'a', value: '' }] }],
    ['set-headers', { request: { headers: [{ name: 'a', value: 'b' }] }, mode: 'set' }],
    ['set-headers', { response: { headers: [{ name: 'a', value: 'b' }] } }],
    ['remove-headers', { request: { headers: [{ name: 'a' }] }, response: { headers: [{ name: 'b' }] } }],
    ['log-message', { logRequestPayload: true, excludedRequestHeaders: 'a, b' }],
    ['log-message', { request: { payload: true, headers: true, excludeHeaders: ['a'] }, response: { payload: false } }],
  ])('C %s: takes %j', (name, params) => {
    expect(faults(name, params)).toEqual([]);
  });

  it.each([
    ['token-based-ratelimit', { promptTokenLimits: [] }, /at least one of promptTokenLimits/],
    ['token-based-ratelimit', { totalTokenLimits: [{ count: 0, duration: '1m' }] }, /^totalTokenLimits\.0\.count: /],
    ['basic-ratelimit', { limits: [] }, /^limits: /],
    ['basic-ratelimit', { limits: Array.from({ length: 11 }, () => ({ requests: 1, duration: '1h' })) }, /^limits: /],
    ['basic-ratelimit', { limits: [{ requests: 1, duration: 'soon' }] }, /must be a duration such as/],
    ['llm-cost-based-ratelimit', { budgetLimits: [] }, /^budgetLimits: /],
    ['llm-cost-based-ratelimit', { budgetLimits: [{ amount: 0, duration: '1h' }] }, /^budgetLimits\.0\.amount: /],
    ['llm-cost', { pricing_file: 'x' }, /pricing_file/],
    ['model-round-robin', { models: [] }, /^models: /],
    ['model-round-robin', { models: [{ model: 'a' }], suspendDuration: -1 }, /^suspendDuration: /],
    ['model-weighted-round-robin', { models: [{ model: 'a', weight: 0 }] }, /^models\.0\.weight: /],
    ['prompt-decorator', {}, /^promptDecoratorConfig: /],
    ['prompt-template', { templates: [{ name: 'a b', template: 'x' }] }, /^templates\.0\.name: /],
    ['regex-guardrail', {}, /at least one of request or response/],
    ['regex-guardrail', { request: {} }, /^request\.regex: 'regex' is required$/],
    ['word-count-guardrail', { request: { min: 1 } }, /^request\.max: 'max' is required$/],
    ['sentence-count-guardrail', { response: { min: 3, max: 2 } }, /^response\.min: must not be greater than max$/],
    ['content-length-guardrail', { response: { max: 2 } }, /^response\.min: 'min' is required$/],
    ['json-schema-guardrail', { response: { jsonPath: '$.a' } }, /^response\.schema: 'schema' is required$/],
    ['pii-masking-regex', {}, /at least one kind of personal data/],
    ['pii-masking-regex', { customPIIEntities: [{ piiEntity: 'a b', piiRegex: 'x' }] }, /^customPIIEntities/],
    ['cors', { allowedOrigins: ['*'], allowCredentials: true }, /must not contain '\*' when credentials are allowed/],
    ['cors', { maxAge: 86_401 }, /^maxAge: /],
    ['cors', { forwardPreflight: true }, /the gateway answers preflight requests itself/],
    ['set-headers', {}, /at least one of requestHeaders or responseHeaders/],
    ['set-headers', { requestHeaders: [{ name: 'a b', value: '' }] }, /^requestHeaders\.0\.name: /],
    ['set-headers', { requestHeaders: [{ name: 'a', value: 'b\r\nc: d' }] }, /^requestHeaders\.0\.value: /],
    ['set-headers', { request: { headers: [{ name: 'a', value: 'b' }] }, mode: 'append' }, /^mode: must be 'set'/],
    ['remove-headers', { response: { headers: [] } }, /^response\.headers: /],
    ['log-message', { logEverything: true }, /logEverything/],
  ])('C %s: refuses %j', (name, params, message) => {
    expect(faults(name, params)).toEqual([expect.stringMatching(message)]);
  });

  it('C: have the defaults of the original where they are safe', () => {
    expect(parsed('api-key-auth', {})).toEqual({ key: 'API-Key', in: 'header' });
    expect(parsed('api-key-auth', { 'value-prefix': 'Token' })).toMatchObject({ valuePrefix: 'Token' });
    expect(parsed('model-round-robin', { models: [{ model: 'a' }] })).toMatchObject({ suspendDuration: 30 });
    expect(parsed('token-based-ratelimit', { totalTokenLimits: count('1m') })).toMatchObject({ consumerBased: false });
    expect(parsed('prompt-decorator', { promptDecoratorConfig: { text: 'T' } })).toMatchObject({ append: false });
    expect(parsed('prompt-template', { templates: [{ name: 'a', template: 'x' }] })).toMatchObject({
      onMissingTemplate: 'error',
      onUnresolvedPlaceholder: 'keep',
    });
    expect(parsed('cors', {})).toMatchObject({ allowedOrigins: ['*'], allowCredentials: false, maxAge: 3600 });
    expect(parsed('url-guardrail', { request: {} })).toMatchObject({ request: { timeout: 3000, onlyDNS: true } });
    expect(parsed('regex-guardrail', { request: { regex: 'a' } })).toMatchObject({
      request: { enabled: true, invert: false, showAssessment: false },
      mode: 'block',
    });
  });
});

describe('C: policies that are not offered', () => {
  it.each(
    [
      ['semantic-prompt-guard', 'aws-bedrock-guardrail', 'azure-content-safety-content-moderation'],
      ['semantic-tool-filtering', 'prompt-compressor', 'analytics-header-filter', 'respond', 'host-rewrite'],
      ['request-rewrite', 'dynamic-endpoint', 'subscription-validation'],
    ].flat(),
  )('C %s: is none of this release', (name) => {
    expect(findPolicy(name)).toBeUndefined();
  });
});

describe('B1: parameters of the router', () => {
  const to = (headerValue: unknown, provider: unknown = 'p') => ({ headerValue, provider });

  it('B1: the header is x-provider, and the default provider may be left out', () => {
    expect(parsed('llm-header-router', { mappings: [to('a')] })).toEqual({
      headerName: 'x-provider',
      mappings: [to('a')],
    });
  });

  it.each([
    [{}, /^mappings: /],
    [{ mappings: 'a' }, /^mappings: /],
    [{ mappings: [] }, /^mappings: must contain at least one entry$/],
    [{ mappings: [{ provider: 'p' }] }, /^mappings\.0\.headerValue: /],
    [{ mappings: [to(1)] }, /^mappings\.0\.headerValue: /],
    [{ mappings: [to(' ')] }, /^mappings\.0\.headerValue: /],
    [{ mappings: [to('a', '')] }, /^mappings\.0\.provider: /],
    [{ mappings: [to('a'), to(' A ')] }, /^mappings\.1\.headerValue: duplicate headerValue 'A'$/],
    [{ mappings: [to('a')], other: 1 }, /other/],
  ])('B1: %j is refused', (params, message) => {
    expect(faults('llm-header-router', params)).toEqual([expect.stringMatching(message)]);
  });
});

describe('B2: parameters of translation', () => {
  it('B2: a version is required where the address has one', () => {
    expect(faults('openai-to-azure-openai', { model: 'm' })).toEqual([expect.stringMatching(/^apiVersion: /)]);
  });

  it('B5: the path behind a deployment may begin with a slash or not', () => {
    for (const pathSuffix of ['/chat/completions', 'chat/completions']) {
      expect(faults('openai-to-azure-openai', { apiVersion: 'v', pathSuffix })).toEqual([]);
    }
    expect(faults('openai-to-azure-openai', { apiVersion: 'v', pathSuffix: '/../x' })).toHaveLength(1);
  });
});
