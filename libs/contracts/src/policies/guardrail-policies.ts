import { z } from 'zod';
import { jsonText } from './json-text.ts';
import { definePolicy, JsonPathText, type PolicyDefinition, RegularExpression } from './policy-definition.ts';
import { hasPatternProperties, schemaPatterns } from './schema-patterns.ts';

/** Where a guardrail looks, and what it does. */
const direction = {
  enabled: z.boolean().default(true),
  jsonPath: JsonPathText.optional().describe('Where the text stands; what was said where it is left out.'),
  showAssessment: z.boolean().default(false).describe('The refusal says more about the reason.'),
};
const streamed = {
  streamingJsonPath: JsonPathText.optional().describe('Accepted for compatibility: streams are read as text anyway.'),
};
const invert = { invert: z.boolean().default(false).describe('Refuses what does not match, or is not in the range.') };
const mode = z
  .enum(['block', 'monitor'])
  .default('block')
  .describe('monitor: what would be refused is admitted, counted and logged.');

const atLeastOne = { error: 'at least one of request or response must be specified' };

function guardrail<Fields extends z.ZodRawShape>(
  definition: Omit<PolicyDefinition, 'params' | 'category' | 'aliases'>,
  fields: Fields,
) {
  const required = Object.keys(fields).filter((name) => REQUIRED.has(name));
  const side = <Own extends z.ZodRawShape>(own: Own) =>
    z
      .strictObject({ ...direction, ...own, ...fields })
      .superRefine((params, context) => checkSide(params, required, context))
      // What forms ask for: a side that is switched off is accepted without it.
      .meta(required.length > 0 ? { required } : {});
  const request = side({});
  const response = side(streamed);
  return definePolicy({
    ...definition,
    category: 'guardrails',
    params: z
      .strictObject({ request: request.optional(), response: response.optional(), mode })
      .refine((params) => params.request !== undefined || params.response !== undefined, atLeastOne),
  });
}

/** What a side must have unless it is switched off. */
const REQUIRED: ReadonlySet<string> = new Set(['regex', 'min', 'max', 'schema']);

function checkSide(side: object, required: readonly string[], context: z.RefinementCtx): void {
  const params = side as { readonly enabled: boolean; readonly min?: number; readonly max?: number };
  if (!params.enabled) return;
  for (const name of required) {
    if (name in side && (side as Readonly<Record<string, unknown>>)[name] !== undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message: `'${name}' is required` });
  }
  const { min = 0, max = min } = params;
  if (min > max) context.addIssue({ code: 'custom', path: ['min'], message: 'must not be greater than max' });
}

/** From `min` to `max`. */
const range = {
  min: z.int().min(0).max(1_000_000_000).optional(),
  max: z.int().min(1).max(1_000_000_000).optional(),
  ...invert,
};

const regexGuardrail = guardrail(
  {
    name: 'regex-guardrail',
    title: 'Regular expression',
    description: 'Refuses text that does not match a regular expression, or that matches it (`invert`).',
  },
  { regex: RegularExpression.optional(), ...invert },
);
export const RegexGuardrail: typeof regexGuardrail = {
  ...regexGuardrail,
  patternsIn: (params) =>
    (['request', 'response'] as const).flatMap((side) => {
      const pattern = params[side]?.regex;
      return pattern === undefined ? [] : [{ path: [side, 'regex'], pattern }];
    }),
};
export const WordCountGuardrail = guardrail(
  { name: 'word-count-guardrail', title: 'Number of words', description: 'Refuses text with fewer or more words.' },
  range,
);
export const SentenceCountGuardrail = guardrail(
  {
    name: 'sentence-count-guardrail',
    title: 'Number of sentences',
    description: 'Refuses text with fewer or more sentences.',
  },
  range,
);
export const ContentLengthGuardrail = guardrail(
  {
    name: 'content-length-guardrail',
    title: 'Length of content',
    description: 'Refuses text with fewer or more UTF-8 bytes.',
  },
  range,
);
const JsonSchema = z
  .record(z.string(), z.json())
  .refine((schema) => !hasPatternProperties(schema), { error: "'patternProperties' is not supported" });

const jsonSchemaGuardrail = guardrail(
  {
    name: 'json-schema-guardrail',
    title: 'JSON Schema',
    description: 'Refuses what is not JSON of a schema (draft 2020-12 and 07).',
  },
  { schema: jsonText(JsonSchema, 65_536).optional(), ...invert },
);
export const JsonSchemaGuardrail: typeof jsonSchemaGuardrail = {
  ...jsonSchemaGuardrail,
  patternsIn: (params) =>
    (['request', 'response'] as const).flatMap((side) => schemaPatterns(params[side]?.schema, [side, 'schema'])),
};

const urls = {
  onlyDNS: z
    .boolean()
    .default(true)
    .describe('A URL is good when its name has a public address; false: when a HEAD request to it succeeds.'),
  timeout: z.int().min(1).max(30_000).default(3_000).describe('Milliseconds for all URLs of a text together.'),
  maxUrls: z.int().min(1).max(100).default(20).describe('Different URLs in one text; more are refused.'),
};

export const UrlGuardrail = guardrail(
  {
    name: 'url-guardrail',
    title: 'URLs',
    description: 'Refuses text with URLs that lead nowhere, such as a model makes up.',
  },
  urls,
);

const Entities = z
  .array(z.strictObject({ piiEntity: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/), piiRegex: RegularExpression }))
  .max(50);

export const PiiMaskingRegex = definePolicy({
  name: 'pii-masking-regex',
  title: 'Personal data',
  description:
    'Masks personal data before it goes upstream, and puts it back into the answer, streams included; or takes it out for good.',
  category: 'guardrails',
  params: z
    .strictObject({
      email: z.boolean().default(false),
      phone: z.boolean().default(false),
      ssn: z.boolean().default(false),
      customPIIEntities: jsonText(Entities).optional(),
      /** The former name of `customPIIEntities`. */
      piiEntities: jsonText(Entities).optional(),
      jsonPath: JsonPathText.optional(),
      redactPII: z.boolean().default(false).describe('Takes it out for good: `*****`.'),
    })
    .refine(({ email, phone, ssn, ...own }) => email || phone || ssn || hasEntities(own), {
      error: 'at least one kind of personal data must be specified',
    }),
  patternsIn: (params) =>
    (['customPIIEntities', 'piiEntities'] as const).flatMap((list) =>
      (params[list] ?? []).map(({ piiRegex }, index) => ({ path: [list, index, 'piiRegex'], pattern: piiRegex })),
    ),
});

function hasEntities({ customPIIEntities = [], piiEntities = [] }: EntityLists): boolean {
  return customPIIEntities.length + piiEntities.length > 0;
}

interface EntityLists {
  readonly customPIIEntities?: z.output<typeof Entities> | undefined;
  readonly piiEntities?: z.output<typeof Entities> | undefined;
}

export const guardrailPolicies = [
  RegexGuardrail,
  WordCountGuardrail,
  SentenceCountGuardrail,
  ContentLengthGuardrail,
  JsonSchemaGuardrail,
  UrlGuardrail,
  PiiMaskingRegex,
] as const;
