import { z } from 'zod';
import { EXACT_DURATION, GoDuration, limitTime } from './limit-time.ts';
import { definePolicy, JsonPathText } from './policy-definition.ts';

const HeaderName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be the name of a header');
const MetadataKey = z.string().min(1).max(256);
/** CEL; the control plane checks it when it is saved. */
const Expression = z.string().min(1).max(1_024);

/** What a key is made of. */
const KeyPart = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), key: HeaderName }),
  z.strictObject({ type: z.literal('metadata'), key: MetadataKey }),
  z.strictObject({ type: z.literal('constant'), key: z.string().min(1).max(256) }),
  z.strictObject({ type: z.literal('cel'), expression: Expression }),
  z.strictObject({ type: z.enum(['ip', 'apiname', 'apiversion', 'routename']) }),
]);

const KeyExtraction = z
  .array(KeyPart)
  .max(5)
  .describe('Counters are told apart by these; the route where it is empty.');

const multiplier = z.number().min(0).max(1_000_000_000).default(1);

/** Where the cost of a request is read. */
const CostSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['request_header', 'response_header']), key: HeaderName, multiplier }),
  z.strictObject({ type: z.enum(['request_metadata', 'response_metadata']), key: MetadataKey, multiplier }),
  z.strictObject({
    type: z.enum(['request_body', 'response_body']),
    jsonPath: JsonPathText.refine((path) => path.length > 1, {
      error: "must be a path such as '$.usage.total_tokens'",
    }),
    multiplier,
  }),
  z.strictObject({
    type: z.literal('request_cel'),
    expression: Expression.refine((text) => !/\brequest\s*\.\s*Body/.test(text), {
      error: 'sees no request.Body: use a source of type request_body',
    }),
    multiplier,
  }),
  z
    .strictObject({ type: z.literal('response_cel'), expression: Expression.optional(), multiplier })
    .refine(() => false, {
      error: 'response_cel cannot be run: use response_body, response_header or response_metadata',
    }),
]);

const CostExtraction = z.strictObject({
  enabled: z.boolean().default(false),
  sources: z.array(CostSource).min(1).max(10).optional().describe('What is found is added up.'),
  default: z.number().min(0).max(1_000_000_000).default(1).describe('The cost where no source says one.'),
});

const AdvancedLimit = z
  .strictObject({
    limit: z.int().min(1).max(1_000_000_000),
    duration: GoDuration,
    burst: z.int().min(1).max(1_000_000_000).optional(),
  })
  .refine(({ limit, duration }) => limitTime(limit, duration), EXACT_DURATION)
  .refine(({ limit, duration, burst }) => burst === undefined || !limitTime(limit, duration)?.alignment, {
    path: ['burst'],
    error: 'fits only a duration of less than 24h: longer ones are counted, and have no pace',
  });

const Quota = z.strictObject({
  name: z
    .string()
    .max(128)
    .regex(/^[^\p{C}]+$/u, 'must be text that can be printed')
    .optional(),
  limits: z
    .array(AdvancedLimit)
    .min(1)
    .max(10)
    .superRefine((limits, context) => {
      for (const [index, { duration }] of limits.entries()) {
        if (limits.findIndex((one) => one.duration === duration) === index) continue;
        context.addIssue({ code: 'custom', path: [index, 'duration'], message: `a second limit of ${duration}` });
      }
    }),
  keyExtraction: KeyExtraction.optional(),
  costExtraction: CostExtraction.optional(),
});

/** The name of a quota, by which its counters are known; one without a name is known by its place. */
export function advancedQuotaName(quota: { readonly name?: string | undefined }, index: number): string {
  return quota.name ?? `quota-${index}`;
}

export const AdvancedRateLimit = definePolicy({
  name: 'advanced-ratelimit',
  title: 'Limits by key',
  description:
    'Bounds requests, or what they cost, in a time, for each value of a header, an address, an expression, …',
  category: 'limits',
  params: z.strictObject({
    quotas: z
      .array(Quota)
      .min(1)
      .max(10)
      .superRefine((quotas, context) => {
        const names = quotas.map(advancedQuotaName);
        for (const [index, name] of names.entries()) {
          if (names.indexOf(name) === index) continue;
          context.addIssue({ code: 'custom', path: [index, 'name'], message: `a second quota '${name}'` });
        }
      }),
    keyExtraction: KeyExtraction.optional(),
    onRateLimitExceeded: z
      .strictObject({
        statusCode: z.int().min(400).max(599).default(429),
        body: z
          .string()
          .max(8_192)
          .default('{"error": "Too Many Requests", "message": "Rate limit exceeded. Please try again later."}'),
        bodyFormat: z.enum(['json', 'plain']).default('json'),
      })
      .refine(({ body, bodyFormat }) => bodyFormat === 'plain' || isJson(body), {
        path: ['body'],
        error: 'must be JSON, unless bodyFormat is plain',
      })
      .optional(),
    algorithm: z
      .enum(['fixed-window', 'gcra'])
      .optional()
      .describe('Accepted; the duration alone decides how it is counted.'),
  }),
  expressionsIn({ quotas, keyExtraction = [] }) {
    const ofKey = (parts: z.output<typeof KeyExtraction>, at: readonly PropertyKey[]) =>
      parts.flatMap((part, index) =>
        part.type === 'cel'
          ? [{ path: [...at, index, 'expression'], expression: part.expression, type: 'string' as const }]
          : [],
      );
    return [
      ...ofKey(keyExtraction, ['keyExtraction']),
      ...quotas.flatMap(({ keyExtraction: own = [], costExtraction }, index) => [
        ...ofKey(own, ['quotas', index, 'keyExtraction']),
        ...(costExtraction?.sources ?? []).flatMap((source, place) =>
          source.type === 'request_cel'
            ? [
                {
                  path: ['quotas', index, 'costExtraction', 'sources', place, 'expression'],
                  expression: source.expression,
                  type: 'number' as const,
                },
              ]
            : [],
        ),
      ]),
    ];
  },
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
