import { LlmProxyManifest, type LlmProxy } from '@penstock/contracts';
import { z } from 'zod';

/** What the proxy form holds: the document, with a text where an alias may be left empty. */
export interface ProxyDraft {
  readonly metadata: LlmProxyManifest['metadata'];
  readonly spec: Omit<LlmProxyManifest['spec'], 'additionalProviders' | 'policies'> & {
    /** JSON: parameters of any depth are no fields for a form. */
    readonly policies: string;
    readonly additionalProviders: readonly { readonly id: string; readonly as: string }[];
  };
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
    policies: '[]',
    authentication: 'virtual-key',
    unsupportedParameters: 'lenient',
    quotas: [],
    deploymentState: 'deployed',
  },
};

/** The form of a saved proxy. */
export function draftOfProxy({ metadata, spec }: LlmProxy): ProxyDraft {
  const additionalProviders = spec.additionalProviders.map(({ id, as = '' }) => ({ id, as }));
  return { metadata, spec: { ...spec, additionalProviders, policies: JSON.stringify(spec.policies) } };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const proxySchema = z.custom<ProxyDraft>().transform(manifestOf).pipe(LlmProxyManifest);

function manifestOf({ metadata, spec }: ProxyDraft): z.input<typeof LlmProxyManifest> {
  const additionalProviders = spec.additionalProviders.map(({ id, as }) => ({ id, ...(as ? { as } : {}) }));
  const policies = JSON.parse(spec.policies) as LlmProxyManifest['spec']['policies'];
  return { metadata, spec: { ...spec, additionalProviders, policies } };
}

/** Names under which the proxy's providers can be targeted: the primary's own, then aliases or names. */
export function targetNames(spec: Pick<ProxyDraft['spec'], 'provider' | 'additionalProviders'>): string[] {
  const names = [spec.provider.id, ...spec.additionalProviders.map(({ id, as }) => as || id)];
  return [...new Set(names.filter(Boolean))];
}
