import type { LlmProvider } from '@penstock/contracts';
import type { Credential, LlmProvider as LlmProviderRow } from '../prisma/generated/client.ts';
import { documentOf } from '../resources/document.ts';
import { storedProviderSpec } from './stored-provider-spec.ts';

/** A provider with its credential, which is only ever described. */
export type ProviderRow = LlmProviderRow & { readonly credential: Credential | null };

export function toLlmProvider(row: ProviderRow): LlmProvider {
  const spec = storedProviderSpec(row.spec);
  const credential = row.credential && {
    lastFour: row.credential.lastFour,
    updatedAt: row.credential.updatedAt.toISOString(),
    secrets: row.credential.secretNames,
  };
  return documentOf('LlmProvider', row, spec, { state: spec.deploymentState, credential });
}

/** For the audit log: the fingerprint tells whether the credential has changed. */
export function toAuditedLlmProvider(row: ProviderRow): unknown {
  return { ...toLlmProvider(row), credentialFingerprint: row.credential?.fingerprint ?? null };
}
