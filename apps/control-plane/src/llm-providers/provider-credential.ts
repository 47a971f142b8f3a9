import { type LlmProviderSpec, type UpstreamAuth, upstreamsOf } from '@penstock/contracts';
import { type DerivedKeys, fingerprint, sealCredential } from '@penstock/secrets';
import { AdminError, invalidField } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { ProviderRow } from './llm-provider.mapper.ts';

/** What a write does to the stored credential. */
export type CredentialChange =
  | { readonly action: 'replace'; readonly value: string }
  | { readonly action: 'keep' }
  | { readonly action: 'remove' };

/** Characters that a secret must have before its last four may be shown. */
const SHOWN_FROM_LENGTH = 16;

/**
 * Decides about the credential. Throws 422 `secret_required` when the URL changes and the credential would go along: whoever
 * may edit a provider could otherwise send its secret to a host of his own.
 */
export function decideCredential(spec: LlmProviderSpec, existing: ProviderRow | undefined): CredentialChange {
  const { auth } = spec.upstream;
  if (!auth || auth.type === 'none') {
    if (auth?.value !== undefined) throw invalidField('spec.upstream.auth.value', "fits no auth of type 'none'");
    return { action: 'remove' };
  }
  if (auth.value !== undefined) return { action: 'replace', value: auth.value };
  if (!existing?.credential) throw invalidField('spec.upstream.auth.value', 'is required: no credential is stored yet');
  if (!staysWith(existing.spec as LlmProviderSpec, urlsOf(spec))) {
    throw new AdminError('secret_required', 'A new upstream URL needs the credential to be entered again.', {
      errors: [{ field: 'spec.upstream.auth.value', message: 'is required when the URL changes' }],
    });
  }
  return { action: 'keep' };
}

/** The spec as it is stored: without the secret. */
export function withoutSecret(spec: LlmProviderSpec): LlmProviderSpec {
  const { auth, ...upstream } = spec.upstream;
  if (!auth || auth.type === 'none') return { ...spec, upstream };
  const kept: UpstreamAuth = { type: auth.type, ...(auth.header !== undefined && { header: auth.header }) };
  return { ...spec, upstream: { ...upstream, auth: kept } };
}

interface CredentialOwnerRow {
  readonly organizationId: string;
  readonly providerId: string;
}

interface StoreOptions {
  readonly keys: DerivedKeys;
  readonly now: Date;
  /** Names of the secrets that a new value refers to. */
  readonly secretNames: readonly string[];
}

/** Whether the value may hold references; it is stored as it is written and resolved by each gateway. */
export function isReferring(value: string): boolean {
  return value.includes('{{');
}

/** Seals and stores, keeps or removes. */
export async function storeCredential(
  transaction: Transaction,
  change: CredentialChange,
  owner: CredentialOwnerRow,
  { keys, now, secretNames }: StoreOptions,
): Promise<void> {
  if (change.action === 'keep') return;
  await transaction.credential.deleteMany({ where: { providerId: owner.providerId } });
  if (change.action === 'remove') return;
  await transaction.credential.create({
    data: {
      ...owner,
      sealedValue: sealCredential(change.value, keys, owner),
      lastFour: change.value.length < SHOWN_FROM_LENGTH || isReferring(change.value) ? '' : change.value.slice(-4),
      fingerprint: fingerprint(change.value, keys),
      secretNames: [...secretNames],
      updatedAt: now,
    },
  });
}

/** All servers of a provider; those that get nothing now may get something later. */
export function urlsOf(spec: Pick<LlmProviderSpec, 'upstream'> & Partial<LlmProviderSpec>): readonly string[] {
  return upstreamsOf(spec).map(({ url }) => url);
}

/** Whether the credential of a stored provider has gone to all of these URLs so far. */
export function staysWith(stored: LlmProviderSpec, urls: readonly string[]): boolean {
  const before = urlsOf(stored);
  return urls.every((url) => before.some((known) => sameUrl(known, url)));
}

/** Whether two URLs lead to the same place; a slash at the end does not matter. */
export function sameUrl(left: string, right: string): boolean {
  const normal = (url: string): string => new URL(url).href.replace(/\/+$/, '');
  return normal(left) === normal(right);
}
