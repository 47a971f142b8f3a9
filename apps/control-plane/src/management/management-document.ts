import type { Metadata } from '@penstock/contracts';

/** The `apiVersion` of the documents that this surface writes, whichever of the accepted ones it was sent. */
export const MANAGEMENT_API_VERSION = 'gateway.api-platform.wso2.com/v1';

/** A document as the services give it. */
export interface ServedDocument {
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: object;
  readonly status: { readonly createdAt: string; readonly updatedAt: string; readonly state?: string };
}

/** A document as this surface writes it: its id is its name. */
export interface ManagementDocument {
  readonly apiVersion: typeof MANAGEMENT_API_VERSION;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: object;
  readonly status: {
    readonly id: string;
    readonly state?: 'deployed' | 'undeployed';
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly deployedAt?: string;
  };
}

/** Translates a document; one that is never deployed, such as a secret, has no state. */
export function toManagementDocument(document: ServedDocument, isDeployable: boolean): ManagementDocument {
  const { kind, metadata, spec, status } = document;
  const { createdAt, updatedAt } = status;
  const state = status.state === 'undeployed' ? 'undeployed' : 'deployed';
  return {
    apiVersion: MANAGEMENT_API_VERSION,
    kind,
    metadata,
    spec,
    status: {
      id: metadata.name,
      ...(isDeployable && { state }),
      createdAt,
      updatedAt,
      // Every change takes effect at once, so the last one is what is deployed.
      ...(isDeployable && state === 'deployed' && { deployedAt: updatedAt }),
    },
  };
}
