import { z } from 'zod';
import { JwtAuth } from './jwt-auth-policy.ts';
import { definePolicy } from './policy-definition.ts';

const HeaderName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[A-Za-z0-9-_]+$/, "must consist of letters, digits, '-' and '_'");

/** Callers show a key of this API. */
export const ApiKeyAuth = definePolicy({
  name: 'api-key-auth',
  title: 'API key',
  description:
    'Admits callers that show an API key of this proxy or provider in a header or in the query, and takes it off the request.',
  category: 'access',
  params: z
    .strictObject({
      key: HeaderName.max(128).default('API-Key').describe('Name of the header or query parameter.'),
      in: z.enum(['header', 'query']).default('header').describe('Where the key stands.'),
      valuePrefix: z
        .string()
        .max(64)
        .optional()
        .describe('What stands in front of the key in its value, such as Bearer.'),
      'value-prefix': z.string().max(64).optional().describe('The former name of valuePrefix.'),
    })
    .transform(({ 'value-prefix': former, ...params }) => ({ ...params, valuePrefix: params.valuePrefix ?? former })),
});

/** Browsers may call from other origins. */
export const Cors = definePolicy({
  name: 'cors',
  title: 'Cross-origin requests',
  description: 'Answers preflight requests of browsers and marks answers as readable for the allowed origins.',
  category: 'access',
  params: z
    .strictObject({
      allowedOrigins: z
        .array(z.string().min(1).max(2048))
        .min(1)
        .max(100)
        .default(['*'])
        .describe('Exact origins, `*` for all, or regular expressions that begin with `^`.'),
      allowedMethods: z
        .array(z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', '*']))
        .min(1)
        .default(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']),
      allowedHeaders: z.array(z.string().min(1).max(256)).max(100).optional(),
      exposedHeaders: z.array(z.string().min(1).max(256)).max(100).default([]),
      allowCredentials: z.boolean().default(false),
      maxAge: z.int().min(0).max(86_400).default(3_600).describe('Seconds.'),
      forwardPreflight: z
        .literal(false, { error: 'must be false: the gateway answers preflight requests itself' })
        .optional(),
    })
    .refine(({ allowCredentials, allowedOrigins }) => !allowCredentials || !allowedOrigins.includes('*'), {
      path: ['allowedOrigins'],
      error: "must not contain '*' when credentials are allowed",
    }),
  patternsIn: ({ allowedOrigins }) =>
    allowedOrigins.flatMap((pattern, index) =>
      pattern.startsWith('^') ? [{ path: ['allowedOrigins', index], pattern }] : [],
    ),
});

export const RequestSize = definePolicy({
  name: 'request-size',
  title: 'Size of requests',
  description: 'Refuses bodies that are larger.',
  category: 'access',
  params: z.strictObject({ maxBytes: z.int().min(1).max(1_073_741_824) }),
});

export const accessPolicies = [ApiKeyAuth, JwtAuth, Cors, RequestSize] as const;
