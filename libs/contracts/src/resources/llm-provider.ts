import { z } from 'zod';
import { Duration } from './duration.ts';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';
import { checkProviderPolicies, policyFields } from '../policies/policy-attachment.ts';
import { ModelProfileOverrides } from './model-profile.ts';
import { isOperationPath, OPERATION_PATH_RULE } from './operation-path.ts';
import { ProxyContext, VirtualHost } from './proxy-context.ts';
import { QuotaReferences } from './quota.ts';

export const DisplayName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-zA-Z0-9\-_. ]+$/, "must consist of letters, digits, spaces, '-', '_' and '.'");

export const ResourceVersion = z.string().regex(/^v?\d+(\.\d+)?(\.\d+)?$/, "must be a version such as 'v1.0'");

const HeaderName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be an HTTP header name');

const HeaderValue = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

/**
 * How the upstream is authenticated to. `value` is write-only: no read ever returns it. It is sent verbatim, but for
 * `{{ secret "name" }}` and `{{ env "NAME" }}`, which each gateway replaces.
 */
export const UpstreamAuth = z
  .strictObject({
    type: z.enum(['api-key', 'other', 'none']),
    header: HeaderName.optional(),
    value: HeaderValue.optional(),
  })
  .meta({ id: 'UpstreamAuth' });
export type UpstreamAuth = z.infer<typeof UpstreamAuth>;

/** A base URL without credentials, query and fragment; addresses are checked again when it is dialled. */
export const BaseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL with a host' })
  .max(2048)
  .refine((url) => !url.includes('@') && !url.includes('?') && !url.includes('#') && !url.includes('\\'), {
    error: 'must carry no credentials, query, fragment or backslash',
  });

/** What Azure OpenAI takes as `api-version`, such as `2024-10-21`; without one its v1 API is asked. */
export const UpstreamApiVersion = z
  .string()
  .max(40)
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, "must be a version such as '2024-10-21'");

export const AccessControl = z
  .strictObject({
    mode: z.enum(['allow_all', 'deny_all']),
    exceptions: z
      .array(
        z.strictObject({
          path: z.string().startsWith('/').max(512).refine(isOperationPath, { error: OPERATION_PATH_RULE }),
          methods: z.array(z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', '*'])).min(1),
        }),
      )
      .max(200)
      .default([]),
  })
  .meta({ id: 'AccessControl' });

/** One model that a provider serves. `id` is what proxies and callers name, `upstreamModel` what the vendor calls it. */
export const ProviderModel = z
  .strictObject({
    id: z.string().min(1).max(255),
    upstreamModel: z.string().min(1).max(255).optional(),
    /** Overrides of the template's model profile. */
    profile: ModelProfileOverrides.default({}),
    /** Limits of this model, over all who use it. */
    quotas: QuotaReferences,
  })
  .meta({ id: 'ProviderModel' });
export type ProviderModel = z.infer<typeof ProviderModel>;

export const Timeouts = z
  .strictObject({
    connect: Duration.optional(),
    /** Until the upstream's response headers arrive. */
    firstByte: Duration.optional(),
    /** Between two chunks of a body. */
    idle: Duration.optional(),
    total: Duration.optional(),
  })
  .meta({ id: 'Timeouts' });

/** Bounds as documents of other gateways write them: of a whole request, and between two pieces of its answer. */
export const Resilience = z
  .strictObject({ timeout: Duration.optional(), idleTimeout: Duration.optional() })
  .meta({ id: 'Resilience' });

/** Servers that stand for each other; those with weight 0 get nothing. */
export const UpstreamDefinition = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[a-zA-Z0-9\-_]+$/, "must consist of letters, digits, '-' and '_'"),
    /** Goes behind each URL. */
    basePath: z
      .string()
      .max(512)
      .regex(/^\/[^\s?#\\]*$/, "must be a path that starts with '/'")
      .optional(),
    timeout: z.strictObject({ connect: Duration.optional() }).optional(),
    upstreams: z
      .array(z.strictObject({ url: BaseUrl, weight: z.int().min(0).max(100).default(100) }))
      .min(1)
      .max(20),
  })
  .meta({ id: 'UpstreamDefinition' });
export type UpstreamDefinition = z.infer<typeof UpstreamDefinition>;

export const DeploymentState = z.enum(['deployed', 'undeployed']);

interface UpstreamFields {
  readonly upstream: { readonly url?: string | undefined; readonly ref?: string | undefined };
  readonly upstreamDefinitions: readonly UpstreamDefinition[];
}

function checkUpstream({ upstream, upstreamDefinitions }: UpstreamFields, context: z.RefinementCtx): void {
  const issue = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if ((upstream.url === undefined) === (upstream.ref === undefined)) {
    issue(['upstream', 'url'], 'exactly one of url and ref must be given');
  }
  const names = new Set<string>();
  for (const [index, { name, upstreams }] of upstreamDefinitions.entries()) {
    if (names.has(name)) issue(['upstreamDefinitions', index, 'name'], `'${name}' is there twice`);
    names.add(name);
    if (upstreams.every(({ weight }) => weight === 0)) {
      issue(['upstreamDefinitions', index, 'upstreams'], 'at least one must have a weight above 0');
    }
  }
  if (upstream.ref !== undefined && !names.has(upstream.ref)) {
    issue(['upstream', 'ref'], `'${upstream.ref}' is none of the upstreamDefinitions`);
  }
}

/** The servers of a provider: full base URLs with their weights; the first is the one that tests and lists show. */
export function upstreamsOf({
  upstream,
  upstreamDefinitions = [],
}: Partial<Pick<LlmProviderSpec, 'upstreamDefinitions'>> & Pick<LlmProviderSpec, 'upstream'>): readonly {
  readonly url: string;
  readonly weight: number;
}[] {
  if (upstream.url !== undefined) return [{ url: upstream.url, weight: 100 }];
  const definition = upstreamDefinitions.find(({ name }) => name === upstream.ref);
  if (!definition) throw new RangeError(`there are no upstreams named '${upstream.ref}'`);
  const { basePath = '', upstreams } = definition;
  return upstreams.map(({ url, weight }) => ({
    url: `${url.replace(/\/$/, '')}${basePath.replace(/\/$/, '')}`,
    weight,
  }));
}

/** A configured account at a vendor, or a vLLM server. */
export const LlmProviderSpec = z
  .strictObject({
    displayName: DisplayName,
    version: ResourceVersion.default('v1.0'),
    /** Where those reach it who call it without a proxy; absent: nobody does. */
    context: ProxyContext.optional(),
    vhost: VirtualHost.optional(),
    template: ResourceName,
    upstream: z.strictObject({
      /** Either this or `ref`. */
      url: BaseUrl.optional(),
      /** Name of one of `upstreamDefinitions`. */
      ref: z.string().min(1).max(100).optional(),
      /** `manual` leaves the caller's Host header as it is; `auto` (as when absent) sends the upstream's. */
      hostRewrite: z.enum(['auto', 'manual']).optional(),
      apiVersion: UpstreamApiVersion.optional(),
      auth: UpstreamAuth.optional(),
    }),
    upstreamDefinitions: z.array(UpstreamDefinition).max(20).default([]),
    ...policyFields,
    accessControl: AccessControl.default({ mode: 'allow_all', exceptions: [] }),
    /** Absent: any model is accepted and sent under the name the caller gave. */
    models: z.array(ProviderModel).max(2000).optional(),
    timeouts: Timeouts.default({}),
    /** Another spelling of `timeouts.total` and `timeouts.idle`. */
    resilience: Resilience.optional(),
    /** Upstream connections per gateway process. */
    maxConnections: z.int().min(1).max(10_000).default(1024),
    quotas: QuotaReferences,
    deploymentState: DeploymentState.default('deployed'),
  })
  .superRefine((spec, context) => {
    checkUpstream(spec, context);
    for (const [own, other] of [
      ['timeout', 'total'],
      ['idleTimeout', 'idle'],
    ] as const) {
      if (spec.resilience?.[own] === undefined || spec.timeouts[other] === undefined) continue;
      const message = `is the same as timeouts.${other}; only one of them may be given`;
      context.addIssue({ code: 'custom', path: ['resilience', own], message });
    }
    checkProviderPolicies(spec, context);
  })
  .meta({ id: 'LlmProviderSpec' });
export type LlmProviderSpec = z.infer<typeof LlmProviderSpec>;

export const LlmProviderStatus = ResourceStatus.extend({
  state: DeploymentState,
  /** Whether a credential is stored; the credential itself is never returned. */
  credential: z
    .object({
      lastFour: z.string(),
      updatedAt: z.iso.datetime(),
      /** Names of the secrets that the credential refers to. */
      secrets: z.array(z.string()),
    })
    .nullable(),
}).meta({ id: 'LlmProviderStatus' });

export const LlmProviderManifest = manifestOf('LlmProvider', LlmProviderSpec);
export type LlmProviderManifest = z.infer<typeof LlmProviderManifest>;
export const LlmProvider = resourceOf('LlmProvider', LlmProviderSpec, LlmProviderStatus);
export type LlmProvider = z.infer<typeof LlmProvider>;
