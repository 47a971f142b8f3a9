import type { CustomKind } from '../kubernetes/custom-kinds.ts';
import type { CustomObject } from '../kubernetes/custom-object.ts';

/** Keys of Kubernetes and of its tools, which change without a change of the document. */
const OF_KUBERNETES = /^([a-z0-9.-]+\.)?(kubernetes\.io|k8s\.io)\//;
/** Annotations that are meant for the document; others belong to whoever deploys. */
const OF_PENSTOCK = /^(penstock\.dev|gateway\.api-platform\.wso2\.com)\//;

/** The document that the control plane gets for an object; `spec` with its secrets in place. */
export function manifestOf({ kind }: CustomKind, { metadata }: CustomObject, spec: unknown): object {
  const { name, labels = {}, annotations = {} } = metadata;
  return {
    kind,
    metadata: {
      name,
      labels: pick(labels, (key) => !OF_KUBERNETES.test(key)),
      annotations: pick(annotations, (key) => OF_PENSTOCK.test(key)),
    },
    spec: kind === 'VirtualKey' ? withoutSecretName(spec) : spec,
  };
}

/** Who the control plane is told to be the manager of a namespace's documents. */
export function managerOf(operator: string, namespace: string): string {
  return `${operator}.${namespace}`;
}

function pick(
  record: Readonly<Record<string, string>>,
  wanted: (key: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => wanted(key)));
}

/** Which Secret gets the key is a matter of Kubernetes alone. */
function withoutSecretName(spec: unknown): unknown {
  const { secretName: _secretName, ...rest } = spec as Readonly<Record<string, unknown>>;
  return rest;
}
