import { LlmProxyManifest, type LlmProxy, type Transformer } from '@penstock/contracts';
import { z } from 'zod';
import {
  checkPolicyDrafts,
  draftOfPolicies,
  NO_POLICIES,
  policiesOf,
  type PolicyListName,
  type PolicyListsDraft,
} from '../../policies/components/policy-draft.ts';

/** What the proxy form holds: the document, with a text where an alias may be left empty. */
export interface ProxyDraft {
  readonly metadata: LlmProxyManifest['metadata'];
  readonly spec: Omit<LlmProxyManifest['spec'], 'additionalProviders' | PolicyListName> & {
    readonly additionalProviders: readonly {
      readonly id: string;
      readonly as: string;
      /** Of any depth: no field of the form either. */
      readonly transformer?: unknown;
    }[];
  } & PolicyListsDraft;
}

/** An empty form. */
export const NEW_PROXY: ProxyDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: {
    displayName: '',
    version: 'v1.0',
    context: '/',
    provider: { id: '' },
    additionalProviders: [],
    models: [],
    ...NO_POLICIES,
    authentication: 'virtual-key',
    unsupportedParameters: 'lenient',
    quotas: [],
    deploymentState: 'deployed',
  },
};

/** The form of a saved proxy. */
export function draftOfProxy({ metadata, spec: saved }: LlmProxy): ProxyDraft {
  const { policies, globalPolicies, operationPolicies, ...spec } = saved;
  const additionalProviders = spec.additionalProviders.map(({ as = '', ...provider }) => ({ ...provider, as }));
  const lists = draftOfPolicies({ policies, globalPolicies, operationPolicies });
  return { metadata, spec: { ...spec, ...lists, additionalProviders } };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const proxySchema: z.ZodType<LlmProxyManifest, ProxyDraft> = z
  .custom<ProxyDraft>()
  .superRefine(({ spec }, context) => checkPolicyDrafts(spec, context, ['spec']))
  .transform(manifestOf)
  .pipe(LlmProxyManifest);

function manifestOf({ metadata, spec }: ProxyDraft): z.input<typeof LlmProxyManifest> {
  const additionalProviders = spec.additionalProviders.map(({ as, ...provider }) => ({
    ...provider,
    ...(as ? { as } : {}),
    transformer: provider.transformer as Transformer | undefined,
  }));
  return { metadata, spec: { ...spec, ...policiesOf(spec), additionalProviders } };
}

/** Names under which the proxy's providers can be targeted: the primary's own, then aliases or names. */
export function targetNames(spec: Pick<ProxyDraft['spec'], 'provider' | 'additionalProviders'>): string[] {
  const names = [spec.provider.id, ...spec.additionalProviders.map(({ id, as }) => as || id)];
  return [...new Set(names.filter(Boolean))];
}
