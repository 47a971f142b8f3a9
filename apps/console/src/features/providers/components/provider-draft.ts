import {
  LlmProviderManifest,
  type LlmProvider,
  type LlmProviderTemplate,
  type ProviderModel,
} from '@penstock/contracts';
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
import {
  definitionOf,
  draftOfDefinition,
  draftOfUpstream,
  NEW_UPSTREAM,
  upstreamOf,
  type PlacesDraft,
} from './upstream-draft.ts';

type DraftedField =
  | 'upstream'
  | 'upstreamDefinitions'
  | 'models'
  | 'timeouts'
  | 'resilience'
  | 'context'
  | 'vhost'
  | PolicyListName;

/** What the provider form holds: the document, with a text for everything that may be left empty. */
export interface ProviderDraft extends Pick<PlacesDraft, 'servers'> {
  readonly metadata: LlmProviderManifest['metadata'];
  readonly spec: Omit<LlmProviderManifest['spec'], DraftedField> &
    PlacesDraft['spec'] & {
      /** Empty: only proxies reach it. */
      readonly context: string;
      /** Empty: on every host. */
      readonly vhost: string;
      readonly timeouts: Record<'connect' | 'firstByte' | 'idle' | 'total', string>;
      /** The other spelling of two timeouts; only documents that have it are edited in it. */
      readonly resilience: Record<'timeout' | 'idleTimeout', string>;
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
    vhost: '',
    ...NO_POLICIES,
    upstreamDefinitions: [],
    upstream: NEW_UPSTREAM,
    accessControl: { mode: 'allow_all', exceptions: [] },
    timeouts: { connect: '', firstByte: '', idle: '', total: '' },
    resilience: { timeout: '', idleTimeout: '' },
    maxConnections: 1024,
    quotas: [],
    deploymentState: 'deployed',
    models: [],
  },
  servers: 'url',
  restrictModels: false,
};

/** The form of a saved provider; its credential stays where it is. */
export function draftOfProvider({ metadata, spec }: LlmProvider): ProviderDraft {
  return {
    metadata,
    spec: {
      ...spec,
      ...draftOfPolicies(spec),
      context: spec.context ?? '',
      vhost: spec.vhost ?? '',
      upstream: draftOfUpstream(spec.upstream),
      upstreamDefinitions: spec.upstreamDefinitions.map(draftOfDefinition),
      timeouts: { ...NEW_PROVIDER.spec.timeouts, ...definedOnly(spec.timeouts) },
      resilience: { ...NEW_PROVIDER.spec.resilience, ...definedOnly(spec.resilience ?? {}) },
      models: (spec.models ?? []).map(({ id, upstreamModel = '', profile, quotas }) => ({
        id,
        upstreamModel,
        profile: JSON.stringify(profile),
        quotas,
      })),
    },
    servers: spec.upstream.ref === undefined ? 'url' : 'definition',
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
  const { upstream: _, upstreamDefinitions, models, timeouts, resilience, context, vhost, ...spec } = draft.spec;
  const bounds = filledOnly(resilience);
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
      ...filledOnly({ context, vhost }),
      upstream: upstreamOf(draft, template),
      upstreamDefinitions: upstreamDefinitions.map(definitionOf),
      timeouts: filledOnly(timeouts),
      ...(Object.keys(bounds).length > 0 ? { resilience: bounds } : {}),
      ...(draft.restrictModels ? { models: listed } : {}),
    },
  };
}

function definedOnly(timeouts: Record<string, string | undefined>): Partial<Record<string, string>> {
  return Object.fromEntries(Object.entries(timeouts).filter(([, duration]) => duration !== undefined));
}
