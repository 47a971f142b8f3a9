import { z } from 'zod';
import { Dialect } from '../dialect.ts';
import { MatchedModelProfile, ModelProfileOverrides } from './model-profile.ts';
import { manifestOf, ResourceStatus, resourceOf } from './metadata.ts';

/** Where a value stands in a vendor's request or answer. */
export const ValueLocation = z
  .strictObject({
    location: z.enum(['payload', 'header', 'queryParam', 'pathParam'], {
      error: "Location must be 'payload' or 'header' or 'queryParam' or 'pathParam'",
    }),
    identifier: z.string({ error: 'Identifier is required' }).min(1, 'Identifier is required').max(512),
  })
  .meta({ id: 'ValueLocation' });

const extraction = {
  promptTokens: ValueLocation.optional(),
  completionTokens: ValueLocation.optional(),
  totalTokens: ValueLocation.optional(),
  remainingTokens: ValueLocation.optional(),
  requestModel: ValueLocation.optional(),
  responseModel: ValueLocation.optional(),
};

const RESOURCE_PATH =
  /^\/(?:[A-Za-z0-9._~:-]+|\*|\{[A-Za-z0-9_]+\}(?::[A-Za-z]+)?)?(?:\/(?:[A-Za-z0-9._~:-]+|\*|\{[A-Za-z0-9_]+\}(?::[A-Za-z]+)?))*$/;

const RESOURCE_MESSAGE = "resource must be an absolute path starting with '/' and contain no spaces";

const ResourceMapping = z.strictObject({
  resource: z.string({ error: RESOURCE_MESSAGE }).max(512).regex(RESOURCE_PATH, RESOURCE_MESSAGE),
  ...extraction,
});

/** What a vendor is: its dialect, where its credential goes, where tokens and model stand in its payloads. */
export const LlmProviderTemplateSpec = z
  .strictObject({
    displayName: z.string().min(1).max(253),
    /** The template's name where it is left out; immutable. */
    groupId: z.string().max(40).optional(),
    managedBy: z.string().max(255).default('customer'),
    /** `v1.0` where it is left out; immutable. */
    version: z.string().max(30).optional(),
    dialect: Dialect.default('openai-chat'),
    defaultUrl: z.url().optional(),
    /** What the vendor's models can do, laid over the defaults of the dialect. */
    profile: ModelProfileOverrides.default({}),
    /** Exceptions by the model's name upstream; the first match holds. */
    modelProfiles: z.array(MatchedModelProfile).max(200).default([]),
    authHeader: z.string().max(128).default('Authorization'),
    authValuePrefix: z.string().max(64).default(''),
    ...extraction,
    resourceMappings: z
      .strictObject({ resources: z.array(ResourceMapping).min(1, 'name at least one resource').max(100) })
      .optional(),
  })
  .meta({ id: 'LlmProviderTemplateSpec' });
export type LlmProviderTemplateSpec = z.infer<typeof LlmProviderTemplateSpec>;

export const LlmProviderTemplateManifest = manifestOf('LlmProviderTemplate', LlmProviderTemplateSpec);
export type LlmProviderTemplateManifest = z.infer<typeof LlmProviderTemplateManifest>;
export const LlmProviderTemplate = resourceOf('LlmProviderTemplate', LlmProviderTemplateSpec, ResourceStatus);
export type LlmProviderTemplate = z.infer<typeof LlmProviderTemplate>;
