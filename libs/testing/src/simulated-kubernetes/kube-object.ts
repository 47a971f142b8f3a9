/** The metadata of an object, as far as the API server itself reads it. */
export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly { readonly uid: string }[];
}

/** Any object of the API. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMetadata;
  readonly [field: string]: unknown;
}

/** A type of objects that the server serves. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Whether there is a `/status`, which the main path leaves alone. */
  readonly hasStatus: boolean;
  /** Of custom resources. */
  readonly schema?: CrdSchema;
}

/** A structural schema, as a CustomResourceDefinition has it. */
export type CrdSchema = { readonly [keyword: string]: unknown };

/** `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

const plain = { shortNames: [], categories: [], hasStatus: false, version: 'v1' } as const;

/** What is served besides custom resources. */
export const BUILT_IN_TYPES: readonly ResourceType[] = [
  { ...plain, group: '', kind: 'Namespace', plural: 'namespaces', singular: 'namespace', namespaced: false },
  { ...plain, group: '', kind: 'Secret', plural: 'secrets', singular: 'secret', namespaced: true },
  { ...plain, group: 'coordination.k8s.io', kind: 'Lease', plural: 'leases', singular: 'lease', namespaced: true },
  {
    ...plain,
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    singular: 'customresourcedefinition',
    shortNames: ['crd', 'crds'],
    namespaced: false,
  },
];

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly singular?: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: CrdSchema };
      readonly subresources?: { readonly status?: unknown };
    }[];
  };
}

/** The types that a CustomResourceDefinition adds. */
export function typesOf(definition: object): readonly ResourceType[] {
  const { group, scope, names, versions } = (definition as Definition).spec;
  return versions.map(({ name, schema, subresources }) => ({
    group,
    version: name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    hasStatus: subresources?.status !== undefined,
    schema: schema.openAPIV3Schema,
  }));
}
