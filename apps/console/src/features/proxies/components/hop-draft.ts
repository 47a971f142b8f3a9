import type { LlmProxy, LlmProxySpec, UpstreamAuth } from '@penstock/contracts';
import { filledOnly } from '../../../lib/filled-only.ts';

type AdditionalProvider = LlmProxySpec['additionalProviders'][number];

/** What a proxy shows to one of its providers, as the form holds it. */
export interface HopAuthDraft {
  /** Empty: the document does not say, which means nothing too. */
  readonly type: UpstreamAuth['type'] | '';
  readonly header: string;
  /** Empty: what is stored stays. */
  readonly value: string;
}

/** A translation as the form holds it. */
export interface TransformerDraft {
  readonly type: string;
  readonly version: string;
  /** Of any depth: what its fields hold is known by the JSON Schema of its type alone. */
  readonly params: unknown;
}

/** An additional provider as the form holds it. */
export interface AdditionalProviderDraft {
  readonly id: string;
  readonly as: string;
  readonly auth: HopAuthDraft;
  /** Null: requests go there as they are. */
  readonly transformer: TransformerDraft | null;
}

export const NO_AUTH: HopAuthDraft = { type: '', header: '', value: '' };
export const NEW_ADDITIONAL_PROVIDER: AdditionalProviderDraft = { id: '', as: '', auth: NO_AUTH, transformer: null };

/** The form of what is shown to a provider; values are never read. */
export function draftOfAuth(auth: UpstreamAuth | undefined): HopAuthDraft {
  return { type: auth?.type ?? '', header: auth?.header ?? '', value: '' };
}

/** The form of a saved additional provider. */
export function draftOfAdditional({ id, as = '', auth, transformer }: AdditionalProvider): AdditionalProviderDraft {
  return { id, as, auth: draftOfAuth(auth), transformer: transformer ?? null };
}

/** What is shown to a provider, as documents have it. */
export function authOfDraft({ type, header, value }: HopAuthDraft): { readonly auth?: UpstreamAuth } {
  if (type === '') return {};
  return { auth: type === 'none' ? { type } : { type, ...filledOnly({ header, value }) } };
}

/** An additional provider as documents have it; what is wrong in it is for the schema to say. */
export function additionalOf({ id, as, auth, transformer }: AdditionalProviderDraft): AdditionalProvider {
  return {
    id,
    ...filledOnly({ as }),
    ...authOfDraft(auth),
    ...(transformer ? { transformer: transformer as NonNullable<AdditionalProvider['transformer']> } : {}),
  };
}

type StoredCredential = NonNullable<LlmProxy['status']['credentials']>[number];

/** What is stored to show to a provider: it belongs to a name and a provider, and is lost with either. */
export function storedFor(
  proxy: LlmProxy | undefined,
  { id, as = '' }: { readonly id: string; readonly as?: string },
): StoredCredential | undefined {
  if (!proxy) return undefined;
  const name = as || id;
  const { provider, additionalProviders } = proxy.spec;
  const saved = [{ id: provider.id, as: undefined }, ...additionalProviders];
  const isSame = saved.some((hop) => hop.id === id && (hop.as ?? hop.id) === name);
  return isSame ? proxy.status.credentials?.find((stored) => stored.provider === name) : undefined;
}
