import { z } from 'zod';
import { CUSTOM_KINDS, type CustomKind, GROUP, type PrinterColumn, VERSION } from '../kubernetes/custom-kinds.ts';
import { OBJECT_NAME } from './object-name.ts';
import { withSecretReferences } from './secret-references.ts';
import { STATUS_SCHEMA } from './status-schema.ts';
import { type Schema, structuralSchema } from './structural-schema.ts';

/** A CustomResourceDefinition, as far as others here look into it. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly scope: 'Namespaced';
    readonly versions: readonly {
      readonly name: string;
      readonly served: true;
      readonly storage: true;
      readonly schema: { readonly openAPIV3Schema: Schema };
      readonly subresources: { readonly status: object };
      readonly additionalPrinterColumns: readonly (PrinterColumn & { readonly type: string })[];
    }[];
  };
}

/** The definitions of all kinds, from the schemas that the control plane checks its documents with. */
export function customResourceDefinitions(): readonly CustomResourceDefinition[] {
  return CUSTOM_KINDS.map(definitionOf);
}

function definitionOf({ kind, plural, shortNames, spec, columns }: CustomKind): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: shortNames.filter((name) => name !== kind.toLowerCase()),
        categories: ['penstock'],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: objectSchema(kind, spec) },
          subresources: { status: {} },
          additionalPrinterColumns: [...columns.map((column) => ({ type: 'string', ...column })), ...COMMON_COLUMNS],
        },
      ],
    },
  };
}

const COMMON_COLUMNS = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

function objectSchema(kind: CustomKind['kind'], spec: z.ZodType): Schema {
  const plain = z.toJSONSchema(spec, { io: 'input', unrepresentable: 'any' }) as Schema;
  const converted = withSecretReferences(structuralSchema(plain));
  return {
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: kind === 'VirtualKey' ? withSecretName(converted) : converted,
      status: STATUS_SCHEMA,
    },
  };
}

/** A virtual key says where its secret goes. */
function withSecretName(spec: Schema): Schema {
  const secretName: Schema = {
    description:
      'The Secret of the same namespace that gets the key, as `key`. Its name and `-key` where it is left out.',
    ...OBJECT_NAME,
  };
  return { ...spec, properties: { ...(spec['properties'] as Schema), secretName } };
}
