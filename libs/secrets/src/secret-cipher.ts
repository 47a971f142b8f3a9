import { openCredential, sealCredential } from './credential-cipher.ts';
import type { DerivedKeys } from './master-key.ts';

type SecretKeys = Pick<DerivedKeys, 'credentialKey' | 'credentialKeyId'>;

/** What a sealed secret is bound to: it cannot be opened as another one's, nor as the credential of a provider. */
export interface SecretOwner {
  readonly organizationId: string;
  readonly id: string;
}

/** Seals the value of a named secret as credentials are sealed. Throws `CredentialError` above 64 KiB. */
export function sealSecret(value: string, keys: SecretKeys, owner: SecretOwner): string {
  return sealCredential(value, keys, boundTo(owner));
}

/** Throws `CredentialError` for another key, another owner or changed text. */
export function openSecret(sealed: string, keys: SecretKeys, owner: SecretOwner): string {
  return openCredential(sealed, keys, boundTo(owner));
}

function boundTo({ organizationId, id }: SecretOwner) {
  return { organizationId, providerId: `secret:${id}` };
}
