import { describe, expect, it } from '@jest/globals';
import { AdvancedRateLimit } from './advanced-rate-limit.ts';

const quota = (more: object = {}) => ({ limits: [{ limit: 5, duration: '1m' }], ...more });
const source = (one: object) => quota({ costExtraction: { enabled: true, sources: [one] } });
const faultsOf = (params: object) =>
  (AdvancedRateLimit.params.safeParse(params).error?.issues ?? []).map(({ path, message }) => [
    path.join('.'),
    message,
  ]);
const quotas = (...list: object[]) => ({ quotas: list });

describe('C advanced-ratelimit: its parameters', () => {
  it('C advanced-ratelimit: are those of the original', () => {
    const parts = ['ip', 'apiname', 'apiversion', 'routename'].map((type) => ({ type }));
    const keys = [
      { type: 'header', key: 'X-User' },
      { type: 'metadata', key: 'tier' },
      { type: 'constant', key: 'all' },
      { type: 'cel', expression: 'request.Method' },
    ];
    const costs = [
      { type: 'request_header', key: 'x-cost', multiplier: 0.1 },
      { type: 'request_metadata', key: 'cost' },
      { type: 'request_body', jsonPath: '$.max_tokens' },
      { type: 'response_header', key: 'x-cost' },
      { type: 'response_metadata', key: 'x-llm-cost' },
      { type: 'response_body', jsonPath: '$.usage.total_tokens' },
      { type: 'request_cel', expression: '1 + 1' },
    ];
    const params = {
      quotas: [
        { name: 'a', limits: [{ limit: 5, duration: '1m', burst: 9 }], keyExtraction: keys },
        { limits: [{ limit: 5, duration: '24h' }], costExtraction: { enabled: true, sources: costs, default: 0 } },
      ],
      keyExtraction: parts,
      onRateLimitExceeded: { statusCode: 503, body: 'later', bodyFormat: 'plain' },
      algorithm: 'gcra',
    };
    expect(faultsOf(params)).toEqual([]);
    expect(AdvancedRateLimit.expressionsIn?.(AdvancedRateLimit.params.parse(params))).toEqual([
      { path: ['quotas', 0, 'keyExtraction', 3, 'expression'], expression: 'request.Method', type: 'string' },
      {
        path: ['quotas', 1, 'costExtraction', 'sources', 6, 'expression'],
        expression: '1 + 1',
        type: 'number',
      },
    ]);
  });

  it.each([
    [quotas(), 'quotas'],
    [quotas(quota({ keyExtraction: [{ type: 'header' }] })), 'quotas.0.keyExtraction.0.key'],
    [quotas(quota({ keyExtraction: Array.from({ length: 6 }, () => ({ type: 'ip' })) })), 'quotas.0.keyExtraction'],
    [quotas({ limits: [{ limit: 1, duration: '7s' }] }), 'quotas.0.limits.0.duration'],
    [quotas({ limits: [{ limit: 1, duration: '24h', burst: 2 }] }), 'quotas.0.limits.0.burst'],
    [
      quotas({
        limits: [
          { limit: 1, duration: '1m' },
          { limit: 2, duration: '1m' },
        ],
      }),
      'quotas.0.limits.1.duration',
    ],
    [quotas(quota({ name: 'a' }), quota({ name: 'a' })), 'quotas.1.name'],
    [quotas(quota({ name: 'quota-1' }), quota()), 'quotas.1.name'],
    [quotas(quota({ name: 'a\n' })), 'quotas.0.name'],
    [quotas(source({ type: 'response_cel', expression: '1' })), 'quotas.0.costExtraction.sources.0'],
    [
      quotas(source({ type: 'request_cel', expression: 'size(request.Body)' })),
      'quotas.0.costExtraction.sources.0.expression',
    ],
    [quotas(source({ type: 'request_body', jsonPath: '' })), 'quotas.0.costExtraction.sources.0.jsonPath'],
    [{ ...quotas(quota()), onRateLimitExceeded: { body: 'no JSON' } }, 'onRateLimitExceeded.body'],
  ])('C advanced-ratelimit: %j is refused at %s', (params, place) => {
    expect(faultsOf(params).map(([at]) => at)).toEqual([place]);
  });

  it('C advanced-ratelimit: says what to write instead', () => {
    const [[, message] = []] = faultsOf(quotas(source({ type: 'response_cel', expression: '1' })));
    expect(message).toMatch(/use response_body/);
  });
});
