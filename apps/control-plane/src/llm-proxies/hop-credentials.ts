import type { LlmProxySpec, UpstreamAuth } from '@penstock/contracts';
import { type DerivedKeys, fingerprint, sealCredential } from '@penstock/secrets';
import { invalidField } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { NamedProvider } from './llm-proxies.repository.ts';
import type { ProxyRow } from './llm-proxy.mapper.ts';

/** A provider of a proxy, with what the spec says that it is shown. */
export interface Hop extends NamedProvider {
  readonly auth: UpstreamAuth | undefined;
  /** The field of `auth`. */
  readonly authField: string;
}

/** What a write does to what is stored to show to one provider. */
export interface HopCredentialChange {
  readonly alias: string;
  readonly providerId: string;
  readonly field: string;
  /** Undefined: what is stored stays. */
  readonly value: string | undefined;
}

/** The primary first; an additional provider is known by its alias, or by its name. */
export function hopsOf({
  provider,
  additionalProviders,
}: Pick<LlmProxySpec, 'provider' | 'additionalProviders'>): Hop[] {
  const hop = ({ id, as, auth }: LlmProxySpec['additionalProviders'][number], path: string): Hop => ({
    name: id,
    alias: as ?? id,
    field: `${path}.id`,
    auth,
    authField: `${path}.auth`,
  });
  return [
    hop(provider, 'spec.provider'),
    ...additionalProviders.map((additional, index) => hop(additional, `spec.additionalProviders[${index}]`)),
  ];
}

/**
 * Decides about what is shown to one provider; undefined: nothing. What is stored belongs to a name and a provider: under a name
 * that means another provider now it is not shown to that one.
 */
export function decideHopCredential(
  { alias, auth, authField }: Hop,
  providerId: string,
  existing: Pick<ProxyRow, 'credentials'> | undefined,
): HopCredentialChange | undefined {
  const field = `${authField}.value`;
  if (!auth || auth.type === 'none') {
    if (auth?.value !== undefined) throw invalidField(field, "fits no auth of type 'none'");
    return undefined;
  }
  if (auth.value !== undefined) return { alias, providerId, field, value: auth.value };
  if (storedOf(existing, alias, providerId)) return { alias, providerId, field, value: undefined };
  if (auth.type === 'other') return undefined;
  throw invalidField(field, 'Auth value is required when api-key auth type is set');
}

/** The spec as it is stored: without secrets. */
export function withoutHopSecrets(spec: LlmProxySpec): LlmProxySpec {
  return {
    ...spec,
    provider: withoutSecret(spec.provider),
    additionalProviders: spec.additionalProviders.map(withoutSecret),
  };
}

function withoutSecret<Provider extends { readonly auth?: UpstreamAuth | undefined }>(provider: Provider): Provider {
  const { auth, ...rest } = provider;
  if (!auth || auth.type === 'none') return rest as Provider;
  const { value: _, ...kept } = auth;
  return { ...rest, auth: kept } as Provider;
}

/** Fields whose secret is another one than the stored one. */
export function changedHopSecrets(
  changes: readonly HopCredentialChange[],
  existing: ProxyRow | undefined,
  keys: DerivedKeys,
): string[] {
  return changes.flatMap(({ alias, providerId, field, value }) => {
    if (value === undefined) return [];
    return storedOf(existing, alias, providerId)?.fingerprint === fingerprint(value, keys) ? [] : field;
  });
}

/** Names of the secrets that each change refers to, by alias. */
export type SecretNames = ReadonlyMap<string, readonly string[]>;

/** Seals and stores what changes, keeps what stays, and removes the rest. */
export async function storeHopCredentials(
  transaction: Transaction,
  changes: readonly HopCredentialChange[],
  { organizationId, proxyId }: { readonly organizationId: string; readonly proxyId: string },
  { keys, now, secretNames }: { readonly keys: DerivedKeys; readonly now: Date; readonly secretNames: SecretNames },
): Promise<void> {
  const kept = changes.filter(({ value }) => value === undefined).map(({ alias }) => alias);
  await transaction.llmProxyCredential.deleteMany({ where: { proxyId, alias: { notIn: kept } } });
  for (const { alias, providerId, value } of changes) {
    if (value === undefined) continue;
    await transaction.llmProxyCredential.create({
      data: {
        organizationId,
        proxyId,
        alias,
        providerId,
        sealedValue: sealCredential(value, keys, { organizationId, providerId }),
        fingerprint: fingerprint(value, keys),
        secretNames: [...(secretNames.get(alias) ?? [])],
        updatedAt: now,
      },
    });
  }
}

function storedOf(existing: Pick<ProxyRow, 'credentials'> | undefined, alias: string, providerId: string) {
  return existing?.credentials.find((stored) => stored.alias === alias && stored.providerId === providerId);
}
