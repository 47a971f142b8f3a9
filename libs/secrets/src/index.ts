export { createAdminToken, hashAdminToken, parseAdminToken } from './admin-token.ts';
export { CredentialError, type CredentialOwner, openCredential, sealCredential } from './credential-cipher.ts';
export { fingerprint } from './fingerprint.ts';
export type { CreatedKey, ParsedKey, RandomBytes } from './key-format.ts';
export { deriveInternalToken } from './internal-token.ts';
export { type DerivedKeys, deriveKeys, MasterKeyError, parseMasterKey } from './master-key.ts';
export { readSecret, SecretSourceError } from './read-secret.ts';
export { Redactor } from './redactor.ts';
export { Secret } from './secret.ts';
export { signSnapshot, verifySnapshot } from './snapshot-signature.ts';
export { createVirtualKey, hashVirtualKey, parseVirtualKey } from './virtual-key.ts';
export {
  embeddedReferences,
  type ReferringText,
  referringTexts,
  resolveValue,
  UnresolvedError,
} from './embedded-references.ts';
export { type Reference, SecretReferenceError } from './reference-syntax.ts';
export {
  referencedSecrets,
  referencedVariables,
  type ReferenceSources,
  requiredSecrets,
  resolveReferences,
} from './references.ts';
export { openSecret, sealSecret, type SecretOwner } from './secret-cipher.ts';
export { isSecretVariable, readSecretVariable, SECRET_VARIABLE_PREFIX } from './secret-variable.ts';
