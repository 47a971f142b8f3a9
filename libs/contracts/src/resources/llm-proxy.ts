import { z } from 'zod';
import { checkPolicies, policyFields } from '../policies/policy-attachment.ts';
import { checkTransformers, Transformer } from '../policies/transformer.ts';
import { DeploymentState, Resilience, ResourceVersion, UpstreamAuth } from './llm-provider.ts';
import { manifestOf, requiredName, ResourceStatus, resourceOf } from './metadata.ts';
import { ProxyContext, VirtualHost } from './proxy-context.ts';
import { QuotaReferences } from './quota.ts';

/** Name under which a proxy knows one of its providers. */
export const ProviderAlias = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-zA-Z0-9\-_]+$/, "must consist of letters, digits, '-' and '_'");

/** One place a request may go: a provider of the proxy (by id or alias), a model there, weight and priority (0 first). */
export const ProxyTarget = z
  .strictObject({
    provider: z.string().min(1).max(253),
    model: z.string().min(1).max(255),
    weight: z.int().min(0).max(1000).default(1),
    priority: z.int().min(0).max(100).default(0),
  })
  .meta({ id: 'ProxyTarget' });
export type ProxyTarget = z.infer<typeof ProxyTarget>;

export const ProxyModel = z
  .strictObject({ name: z.string().min(1).max(255), targets: z.array(ProxyTarget).min(1).max(50) })
  .meta({ id: 'ProxyModel' });
export type ProxyModel = z.infer<typeof ProxyModel>;

/** Where providers have a template that tells the header, what a proxy shows them must name its own. */
function checkHopAuth(auth: UpstreamAuth | undefined, path: readonly PropertyKey[], context: z.RefinementCtx): void {
  if (!auth || auth.type === 'none' || auth.header !== undefined) return;
  if (auth.type === 'other' && auth.value === undefined) return;
  const message = `Auth header is required when ${auth.type === 'other' ? 'an auth value' : 'api-key auth type'} is set`;
  context.addIssue({ code: 'custom', path: [...path, 'header'], message });
}

/** A public endpoint over one primary and any number of additional providers. */
export const LlmProxySpec = z
  .strictObject({
    displayName: z.string().min(1).max(253),
    version: ResourceVersion.default('v1.0'),
    context: ProxyContext.default('/'),
    vhost: VirtualHost.optional(),
    /** `auth` is what the provider's own policies ask of those who call it; `value` is write-only. */
    provider: z.strictObject(
      { id: requiredName('Provider is required'), auth: UpstreamAuth.optional() },
      { error: ({ input }) => (input === undefined ? 'Provider is required' : undefined) },
    ),
    additionalProviders: z
      .array(
        z.strictObject({
          id: requiredName('Provider is required'),
          as: ProviderAlias.optional(),
          auth: UpstreamAuth.optional(),
          transformer: Transformer.optional(),
        }),
      )
      .max(50)
      .default([]),
    models: z.array(ProxyModel).max(500).default([]),
    ...policyFields,
    /** `none` opens the proxy to everybody who reaches it. */
    authentication: z.enum(['virtual-key', 'none']).default('virtual-key'),
    /** lenient: what a model does not have is left out and told in `x-penstock-warnings`. strict: it is a 400. */
    unsupportedParameters: z.enum(['lenient', 'strict']).default('lenient'),
    resilience: Resilience.optional(),
    quotas: QuotaReferences,
    deploymentState: DeploymentState.default('deployed'),
  })
  .superRefine((spec, context) => {
    checkHopAuth(spec.provider.auth, ['provider', 'auth'], context);
    const names = new Set([spec.provider.id]);
    for (const [index, provider] of spec.additionalProviders.entries()) {
      const name = provider.as ?? provider.id;
      if (names.has(name)) {
        const message = `duplicate upstream name '${name}' in additionalProviders`;
        context.addIssue({ code: 'custom', path: ['additionalProviders', index], message });
      }
      names.add(name);
      checkHopAuth(provider.auth, ['additionalProviders', index, 'auth'], context);
    }
    for (const [index, model] of spec.models.entries()) {
      for (const [position, target] of model.targets.entries()) {
        if (names.has(target.provider)) continue;
        const message = `'${target.provider}' is not a provider of this proxy`;
        context.addIssue({ code: 'custom', path: ['models', index, 'targets', position, 'provider'], message });
      }
    }
    checkPolicies(spec, names, context);
    checkTransformers(spec.additionalProviders, context);
  })
  .meta({ id: 'LlmProxySpec' });
export type LlmProxySpec = z.infer<typeof LlmProxySpec>;

export const LlmProxyStatus = ResourceStatus.extend({
  state: DeploymentState,
  /** What is stored to show to its providers, by the names that the proxy has for them; absent: nothing. */
  credentials: z
    .array(z.object({ provider: z.string(), updatedAt: z.iso.datetime(), secrets: z.array(z.string()) }))
    .optional(),
}).meta({ id: 'LlmProxyStatus' });

export const LlmProxyManifest = manifestOf('LlmProxy', LlmProxySpec);
export type LlmProxyManifest = z.infer<typeof LlmProxyManifest>;
export const LlmProxy = resourceOf('LlmProxy', LlmProxySpec, LlmProxyStatus);
export type LlmProxy = z.infer<typeof LlmProxy>;
