import { z } from 'zod';
import { jsonText } from './json-text.ts';
import { GoDuration, goDurationMs } from './limit-time.ts';
import { definePolicy } from './policy-definition.ts';

/** Signatures with a public key: a secret that verifies could also sign, and `none` verifies nothing. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

const MAX_KEYS_LENGTH = 65_536;
const DAY = '24h';

const Text = z.string().min(1).max(512);
const Texts = z.array(Text).min(1).max(50);
const HeaderName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9-_]+$/, "must consist of letters, digits, '-' and '_'");

/** Between two durations, both included. */
const duration = (least: string, most: string) =>
  GoDuration.refine((text) => goDurationMs(text) >= goDurationMs(least) && goDurationMs(text) <= goDurationMs(most), {
    error: `must be from ${least} to ${most}`,
  });

const orNone = (some: z.ZodType<string, string>) => z.union([z.literal('0s'), some]);

/** What carries credentials to upstreams, or is the gateway's own. */
const RESERVED_HEADERS = new Set(
  [
    'authorization proxy-authorization cookie x-api-key api-key x-goog-api-key',
    'x-amz-date x-amz-security-token x-amz-content-sha256',
    'host connection proxy-connection keep-alive te trailer upgrade expect x-request-id',
    'content-type content-length content-encoding transfer-encoding',
  ].flatMap((names) => names.split(' ')),
);

const TargetHeader = HeaderName.refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), {
  error: 'must not be a header that the gateway or a provider needs',
});

const HttpUrl = z.url({ protocol: /^https?$/, hostname: /./ }).max(2_048);

const JsonWebKeySet = z.object({ keys: z.array(z.record(z.string(), z.json())).min(1).max(100) });
const InlineKeys = z.union([
  z
    .string()
    .max(MAX_KEYS_LENGTH)
    .regex(/^\s*-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/, 'must be a certificate, a public key (PEM) or a JWKS'),
  jsonText(JsonWebKeySet, MAX_KEYS_LENGTH),
]);

const KeyManager = z.strictObject({
  name: z.string().min(1).max(100),
  issuer: Text.optional().describe('The `iss` of its tokens, to the letter; any where it is left out.'),
  jwks: z.union([
    z.strictObject({
      remote: z.strictObject({ uri: HttpUrl.describe('Where its JWKS is; redirects are not followed.') }),
    }),
    z.strictObject({
      local: z.strictObject({ inline: InlineKeys.describe('Certificate or public key (PEM), or a JWKS.') }),
    }),
  ]),
});

/** Scopes of a token: all of the one list, and at least one of the other. */
const ScopeRules = z.strictObject({ allOf: Texts.optional(), anyOf: Texts.optional() });

/** A claim has one of the values, or a list that has. */
const ClaimRule = z.strictObject({ claim: Text, values: z.array(z.string().max(1_024)).min(1).max(50) });
const ClaimRuleList = z.array(ClaimRule).min(1).max(50);
const ClaimRules = z.strictObject({ allOf: ClaimRuleList.optional(), anyOf: ClaimRuleList.optional() });

/** Callers show a token that an identity provider signed. */
export const JwtAuth = definePolicy({
  name: 'jwt-auth',
  title: 'JSON Web Token',
  description:
    'Admits callers that show a token which an identity provider signed, and tells upstreams and reports what it says.',
  category: 'access',
  proxyOnly: true,
  params: z
    .strictObject({
      keyManagers: z
        .array(KeyManager)
        .min(1)
        .max(20)
        .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
          error: 'must not have a name twice',
        }),
      issuers: Texts.optional().describe('Only these key managers, by name or by issuer.'),
      audiences: Texts.optional().describe('The token must be for one of these.'),
      requiredScopes: Texts.optional().describe('The token must have all of these.'),
      requiredClaims: z.record(Text, z.string().max(1_024)).optional(),
      scopes: ScopeRules.optional().describe('Beside requiredScopes: all of the one, and one of the other.'),
      claims: ClaimRules.optional().describe('Beside requiredClaims: all of the one, and one of the other.'),
      claimMappings: z.record(Text, TargetHeader).optional().describe('Claims, and the headers that upstreams get.'),
      userIdClaim: Text.default('sub').describe('The claim that names the user in usage.'),
      headerName: HeaderName.min(1).default('Authorization'),
      authHeaderScheme: z.string().max(64).default('Bearer').describe('What stands before the token; empty: nothing.'),
      authHeaderPrefix: z.string().max(64).optional().describe('Stands in for authHeaderScheme.'),
      forwardToken: z
        .literal(false, { error: 'must be false: tokens stay with the gateway' })
        .optional()
        .describe('Tokens stay with the gateway.'),
      allowedAlgorithms: z.array(z.enum(JWT_ALGORITHMS)).min(1).default(['RS256', 'ES256']),
      leeway: orNone(duration('1ms', '10m')).default('30s').describe('How far clocks may be apart.'),
      jwksCacheTtl: duration('10s', DAY).default('5m').describe('How long keys are taken for current.'),
      jwksStaleFor: orNone(duration('1ms', DAY))
        .default('1h')
        .describe('How long they are used after that while none can be had.'),
      jwksFetchTimeout: duration('100ms', '30s').default('5s'),
      onFailureStatusCode: z.union([z.literal(401), z.literal(403)]).default(401),
      errorMessageFormat: z.enum(['json', 'plain', 'minimal']).default('json'),
      errorMessage: z.string().min(1).max(512).default('Authentication failed'),
    })
    .refine(({ issuers = [], keyManagers }) => issuers.every((issuer) => keyManagers.some(isNamed(issuer))), {
      path: ['issuers'],
      error: 'must only have names or issuers of keyManagers',
    }),
  publicKeysIn: ({ keyManagers }) =>
    keyManagers.flatMap(({ jwks }, index) =>
      'local' in jwks ? [{ path: ['keyManagers', index, 'jwks', 'local', 'inline'], keys: jwks.local.inline }] : [],
    ),
});

function isNamed(text: string) {
  return ({ name, issuer }: { readonly name: string; readonly issuer?: string | undefined }): boolean =>
    name === text || issuer === text;
}
