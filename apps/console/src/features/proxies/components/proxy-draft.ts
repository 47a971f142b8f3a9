import { LlmProxyManifest, type LlmProxy } from '@penstock/contracts';
import { z } from 'zod';
import { filledOnly } from '../../../lib/filled-only.ts';
import {
  checkPolicyDrafts,
  draftOfPolicies,
  NO_POLICIES,
  policiesOf,
  type PolicyListName,
  type PolicyListsDraft,
} from '../../policies/components/policy-draft.ts';
import { unfinishedPaths } from '../../policies/components/schema-value.ts';
import {
  additionalOf,
  authOfDraft,
  draftOfAdditional,
  draftOfAuth,
  NO_AUTH,
  type AdditionalProviderDraft,
  type HopAuthDraft,
} from './hop-draft.ts';

type TextField = 'vhost' | 'resilience' | 'provider' | 'additionalProviders';

/** What the proxy form holds: the document, with a text for everything that may be left empty. */
export interface ProxyDraft {
  readonly metadata: LlmProxyManifest['metadata'];
  readonly spec: Omit<LlmProxyManifest['spec'], TextField | PolicyListName> & {
    /** Empty: on every host. */
    readonly vhost: string;
    readonly resilience: { readonly timeout: string; readonly idleTimeout: string };
    readonly provider: { readonly id: string; readonly auth: HopAuthDraft };
    readonly additionalProviders: readonly AdditionalProviderDraft[];
  } & PolicyListsDraft;
}

/** An empty form. */
export const NEW_PROXY: ProxyDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: {
    displayName: '',
    version: 'v1.0',
    context: '/',
    vhost: '',
    provider: { id: '', auth: NO_AUTH },
    additionalProviders: [],
    models: [],
    ...NO_POLICIES,
    authentication: 'virtual-key',
    unsupportedParameters: 'lenient',
    resilience: { timeout: '', idleTimeout: '' },
    quotas: [],
    deploymentState: 'deployed',
  },
};

/** The form of a saved proxy; its credentials stay where they are. */
export function draftOfProxy({ metadata, spec: saved }: LlmProxy): ProxyDraft {
  const { policies, globalPolicies, operationPolicies, vhost = '', resilience, ...spec } = saved;
  return {
    metadata,
    spec: {
      ...spec,
      ...draftOfPolicies({ policies, globalPolicies, operationPolicies }),
      vhost,
      resilience: { timeout: resilience?.timeout ?? '', idleTimeout: resilience?.idleTimeout ?? '' },
      provider: { id: spec.provider.id, auth: draftOfAuth(spec.provider.auth) },
      additionalProviders: spec.additionalProviders.map(draftOfAdditional),
    },
  };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const proxySchema: z.ZodType<LlmProxyManifest, ProxyDraft> = z
  .custom<ProxyDraft>()
  .superRefine(({ spec }, context) => {
    checkPolicyDrafts(spec, context, ['spec']);
    for (const path of unfinishedPaths(spec.additionalProviders, ['spec', 'additionalProviders'])) {
      context.addIssue({ code: 'custom', path: [...path], message: 'must be JSON' });
    }
  })
  .transform(manifestOf)
  .pipe(LlmProxyManifest);

function manifestOf({ metadata, spec }: ProxyDraft): z.input<typeof LlmProxyManifest> {
  const { vhost, resilience, provider, additionalProviders, ...rest } = spec;
  const bounds = filledOnly(resilience);
  return {
    metadata,
    spec: {
      ...rest,
      ...policiesOf(spec),
      ...filledOnly({ vhost }),
      ...(Object.keys(bounds).length > 0 ? { resilience: bounds } : {}),
      provider: { id: provider.id, ...authOfDraft(provider.auth) },
      additionalProviders: additionalProviders.map(additionalOf),
    },
  };
}

interface ProviderNames {
  readonly provider: { readonly id: string };
  readonly additionalProviders: readonly { readonly id: string; readonly as: string }[];
}

/** Names under which the proxy's providers can be targeted: the primary's own, then aliases or names. */
export function targetNames({ provider, additionalProviders }: ProviderNames): string[] {
  const names = [provider.id, ...additionalProviders.map(({ id, as }) => as || id)];
  return [...new Set(names.filter(Boolean))];
}
