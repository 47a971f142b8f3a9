import {
  LlmProviderManifest,
  type LlmProvider,
  type LlmProviderTemplate,
  type ProviderModel,
} from '@penstock/contracts';
import { z } from 'zod';
import {
  checkPolicyDrafts,
  draftOfPolicies,
  NO_POLICIES,
  policiesOf,
  type PolicyListName,
  type PolicyListsDraft,
} from '../../policies/components/policy-draft.ts';

/** What the provider form holds: the document, with a text for everything that may be left empty. */
export interface ProviderDraft {
  readonly metadata: LlmProviderManifest['metadata'];
  readonly spec: Omit<LlmProviderManifest['spec'], 'upstream' | 'models' | 'timeouts' | 'context' | PolicyListName> & {
    /** Empty: only proxies reach it. */
    readonly context: string;
    readonly upstream: Pick<LlmProviderManifest['spec']['upstream'], 'ref' | 'hostRewrite'> & {
      /** Empty: `ref` says which servers. */
      readonly url: string;
      readonly apiVersion: string;
      readonly auth: { readonly type: 'api-key' | 'other' | 'none'; readonly header: string; readonly value: string };
    };
    readonly timeouts: Record<'connect' | 'firstByte' | 'idle' | 'total', string>;
    readonly models: readonly {
      readonly id: string;
      readonly upstreamModel: string;
      /** JSON: a tree of any depth is no field for a form. */
      readonly profile: string;
      /** Names of the quotas that limit this model. */
      readonly quotas: readonly string[];
    }[];
  } & PolicyListsDraft;
  /** Whether only the listed models are accepted. */
  readonly restrictModels: boolean;
}

/** An empty form. */
export const NEW_PROVIDER: ProviderDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: {
    displayName: '',
    version: 'v1.0',
    template: '',
    context: '',
    ...NO_POLICIES,
    upstreamDefinitions: [],
    upstream: { url: '', apiVersion: '', auth: { type: 'none', header: '', value: '' } },
    accessControl: { mode: 'allow_all', exceptions: [] },
    timeouts: { connect: '', firstByte: '', idle: '', total: '' },
    maxConnections: 1024,
    quotas: [],
    deploymentState: 'deployed',
    models: [],
  },
  restrictModels: false,
};

/** The form of a saved provider; its credential stays where it is. */
export function draftOfProvider({ metadata, spec }: LlmProvider): ProviderDraft {
  const { auth, url = '', apiVersion = '', ...upstream } = spec.upstream;
  return {
    metadata,
    spec: {
      ...spec,
      ...draftOfPolicies(spec),
      context: spec.context ?? '',
      upstream: {
        ...upstream,
        url,
        apiVersion,
        auth: { type: auth?.type ?? 'none', header: auth?.header ?? '', value: '' },
      },
      timeouts: { ...NEW_PROVIDER.spec.timeouts, ...definedOnly(spec.timeouts) },
      models: (spec.models ?? []).map(({ id, upstreamModel = '', profile, quotas }) => ({
        id,
        upstreamModel,
        profile: JSON.stringify(profile),
        quotas,
      })),
    },
    restrictModels: spec.models !== undefined,
  };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export function providerSchema(template: LlmProviderTemplate | undefined) {
  return z
    .custom<ProviderDraft>()
    .superRefine(({ spec }, context) => checkPolicyDrafts(spec, context, ['spec']))
    .transform((draft) => manifestOf(draft, template))
    .pipe(LlmProviderManifest);
}

function manifestOf(
  draft: ProviderDraft,
  template: LlmProviderTemplate | undefined,
): z.input<typeof LlmProviderManifest> {
  const { upstream, models, timeouts, context, ...spec } = draft.spec;
  const listed = models.map(({ id, upstreamModel, profile, quotas }) => ({
    id,
    quotas: [...quotas],
    profile: JSON.parse(profile) as ProviderModel['profile'],
    ...(upstreamModel ? { upstreamModel } : {}),
  }));
  return {
    metadata: draft.metadata,
    spec: {
      ...spec,
      ...policiesOf(spec),
      ...(context ? { context } : {}),
      upstream: upstreamOf(upstream, template),
      timeouts: Object.fromEntries(Object.entries(timeouts).filter(([, duration]) => duration !== '')),
      ...(draft.restrictModels ? { models: listed } : {}),
    },
  };
}

/** Where the provider is and how Penstock logs in there, as the API takes it. */
export function upstreamOf(
  { url, ref, hostRewrite, apiVersion, auth }: ProviderDraft['spec']['upstream'],
  template: LlmProviderTemplate | undefined,
): LlmProviderManifest['spec']['upstream'] {
  const version = apiVersion.trim();
  const servers = ref !== undefined && !url.trim() ? { ref } : { url: url.trim() };
  const rewrite = hostRewrite ? { hostRewrite } : {};
  return { ...servers, ...rewrite, ...(version ? { apiVersion: version } : {}), auth: authOf(auth, template) };
}

function authOf(
  { type, header, value }: ProviderDraft['spec']['upstream']['auth'],
  template: LlmProviderTemplate | undefined,
) {
  if (type === 'none') return { type };
  const secret = withPrefix(value.trim(), template?.spec.authValuePrefix ?? '');
  return { type, ...(header ? { header } : {}), ...(secret ? { value: secret } : {}) };
}

/** Puts the vendor's `Bearer ` before a bare key, so that admins can paste what the vendor gave them. */
function withPrefix(secret: string, prefix: string): string {
  return secret === '' || secret.toLowerCase().startsWith(prefix.toLowerCase()) ? secret : `${prefix}${secret}`;
}

function definedOnly(timeouts: Record<string, string | undefined>): Partial<Record<string, string>> {
  return Object.fromEntries(Object.entries(timeouts).filter(([, duration]) => duration !== undefined));
}
