import { z } from 'zod';
import { Duration } from './duration.ts';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';
import { ModelProfileOverrides } from './model-profile.ts';
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
          path: z.string().startsWith('/').max(512),
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

export const DeploymentState = z.enum(['deployed', 'undeployed']);

/** A configured account at a vendor, or a vLLM server. */
export const LlmProviderSpec = z
  .strictObject({
    displayName: DisplayName,
    version: ResourceVersion.default('v1.0'),
    template: ResourceName,
    upstream: z.strictObject({
      url: BaseUrl,
      apiVersion: UpstreamApiVersion.optional(),
      auth: UpstreamAuth.optional(),
    }),
    accessControl: AccessControl.default({ mode: 'allow_all', exceptions: [] }),
    /** Absent: any model is accepted and sent under the name the caller gave. */
    models: z.array(ProviderModel).max(2000).optional(),
    timeouts: Timeouts.default({}),
    /** Upstream connections per gateway process. */
    maxConnections: z.int().min(1).max(10_000).default(1024),
    quotas: QuotaReferences,
    deploymentState: DeploymentState.default('deployed'),
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
