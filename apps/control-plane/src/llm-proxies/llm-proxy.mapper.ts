import type { LlmProxy, LlmProxySpec } from '@penstock/contracts';
import type { LlmProxyCredential, LlmProxy as LlmProxyRow } from '../prisma/generated/client.ts';
import { documentOf } from '../resources/document.ts';
import { storedProxySpec } from './stored-proxy-spec.ts';

/** A proxy with what it shows its providers, which is only ever described. */
export type ProxyRow = LlmProxyRow & { readonly credentials: readonly LlmProxyCredential[] };

export function toLlmProxy(row: ProxyRow): LlmProxy {
  const spec: LlmProxySpec = storedProxySpec(row.spec);
  const credentials = row.credentials.map(({ alias, updatedAt, secretNames }) => ({
    provider: alias,
    updatedAt: updatedAt.toISOString(),
    secrets: secretNames,
  }));
  const status = { state: spec.deploymentState, ...(credentials.length > 0 && { credentials }) };
  return documentOf('LlmProxy', row, spec, status);
}

/** For the audit log: fingerprints tell whether a credential has changed. */
export function toAuditedLlmProxy(row: ProxyRow): unknown {
  if (row.credentials.length === 0) return toLlmProxy(row);
  const credentialFingerprints = Object.fromEntries(
    row.credentials.map(({ alias, fingerprint }) => [alias, fingerprint]),
  );
  return { ...toLlmProxy(row), credentialFingerprints };
}
