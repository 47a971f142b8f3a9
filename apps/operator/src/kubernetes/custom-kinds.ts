import {
  LlmProviderSpec,
  LlmProviderTemplateSpec,
  LlmProxySpec,
  type ManifestKind,
  QuotaSpec,
  VirtualKeySpec,
} from '@penstock/contracts';
import type { z } from 'zod';

/** The API group of the custom resources, and their one version: what manifests write as `apiVersion`. */
export const GROUP = 'penstock.dev';
export const VERSION = 'v1';

/** The kinds that Kubernetes has as custom resources, first those that others refer to. */
export type CustomKindName = Extract<
  ManifestKind,
  'Quota' | 'LlmProviderTemplate' | 'LlmProvider' | 'LlmProxy' | 'VirtualKey'
>;

/** What tells one custom resource from another. */
export interface CustomKind {
  readonly kind: CustomKindName;
  /** As Kubernetes' paths say it. */
  readonly plural: string;
  readonly shortNames: readonly string[];
  /** Where the control plane has the kind's documents, below `/api/v1`. */
  readonly path: string;
  readonly spec: z.ZodType;
  readonly columns: readonly PrinterColumn[];
}

/** A column of `kubectl get` besides name, readiness and age. */
export interface PrinterColumn {
  readonly name: string;
  readonly jsonPath: string;
  /** 0 is always shown; 1 only by `-o wide`. */
  readonly priority?: number;
}

export const CUSTOM_KINDS: readonly CustomKind[] = [
  {
    kind: 'Quota',
    plural: 'quotas',
    shortNames: ['llmquota'],
    path: '/quotas',
    spec: QuotaSpec,
    columns: [],
  },
  {
    kind: 'LlmProviderTemplate',
    plural: 'llmprovidertemplates',
    shortNames: ['llmtemplate'],
    path: '/llm-provider-templates',
    spec: LlmProviderTemplateSpec,
    columns: [{ name: 'Dialect', jsonPath: '.spec.dialect' }],
  },
  {
    kind: 'LlmProvider',
    plural: 'llmproviders',
    shortNames: ['llmprovider', 'llmp'],
    path: '/llm-providers',
    spec: LlmProviderSpec,
    columns: [
      { name: 'Template', jsonPath: '.spec.template' },
      { name: 'URL', jsonPath: '.spec.upstream.url', priority: 1 },
    ],
  },
  {
    kind: 'LlmProxy',
    plural: 'llmproxies',
    shortNames: ['llmproxy', 'llmpx'],
    path: '/llm-proxies',
    spec: LlmProxySpec,
    columns: [
      { name: 'Context', jsonPath: '.spec.context' },
      { name: 'Provider', jsonPath: '.spec.provider.id' },
    ],
  },
  {
    kind: 'VirtualKey',
    plural: 'virtualkeys',
    shortNames: ['vkey'],
    path: '/virtual-keys',
    spec: VirtualKeySpec,
    columns: [
      { name: 'Team', jsonPath: '.spec.team' },
      { name: 'Secret', jsonPath: '.status.secretName' },
    ],
  },
];

const BY_NAME = new Map(CUSTOM_KINDS.map((custom) => [custom.kind, custom]));

/** Throws RangeError for a kind that is no custom resource. */
export function customKind(kind: CustomKindName): CustomKind {
  const custom = BY_NAME.get(kind);
  if (!custom) throw new RangeError(`${kind} is no custom resource`);
  return custom;
}
