import type {
  LlmProviderManifest,
  LlmProviderSpec,
  LlmProviderTemplate,
  UpstreamDefinition,
} from '@penstock/contracts';
import { filledOnly } from '../../../lib/filled-only.ts';

/** Servers that stand for each other, as the form holds them. */
export interface UpstreamDefinitionDraft {
  readonly name: string;
  readonly basePath: string;
  readonly timeout: { readonly connect: string };
  readonly upstreams: readonly { readonly url: string; readonly weight: number }[];
}

/** Where the provider is and how Penstock logs in there, as the form holds it. */
export interface UpstreamDraft {
  readonly url: string;
  /** Name of a definition. */
  readonly ref: string;
  /** Empty: the document does not say, which means `auto` too. */
  readonly hostRewrite: 'auto' | 'manual' | '';
  readonly apiVersion: string;
  readonly auth: { readonly type: 'api-key' | 'other' | 'none'; readonly header: string; readonly value: string };
}

/** What of the form says where the provider is. */
export interface PlacesDraft {
  /** Which of `url` and `ref` holds; what the other one has is kept until the form is saved. */
  readonly servers: 'url' | 'definition';
  readonly spec: {
    readonly upstream: UpstreamDraft;
    readonly upstreamDefinitions: readonly UpstreamDefinitionDraft[];
  };
}

export const NEW_SERVER = { url: '', weight: 100 } as const;

export const NEW_UPSTREAM: UpstreamDraft = {
  url: '',
  ref: '',
  hostRewrite: '',
  apiVersion: '',
  auth: { type: 'none', header: '', value: '' },
};

/** A definition to begin with. */
export function newDefinition(name: string, url: string): UpstreamDefinitionDraft {
  return { name, basePath: '', timeout: { connect: '' }, upstreams: [{ ...NEW_SERVER, url }] };
}

/** The form of a saved upstream; its credential stays where it is. */
export function draftOfUpstream({
  url,
  ref,
  hostRewrite,
  apiVersion,
  auth,
}: LlmProviderSpec['upstream']): UpstreamDraft {
  return {
    url: url ?? '',
    ref: ref ?? '',
    hostRewrite: hostRewrite ?? '',
    apiVersion: apiVersion ?? '',
    auth: { type: auth?.type ?? 'none', header: auth?.header ?? '', value: '' },
  };
}

/** The form of a saved definition. */
export function draftOfDefinition({ name, basePath, timeout, upstreams }: UpstreamDefinition): UpstreamDefinitionDraft {
  return { name, basePath: basePath ?? '', timeout: { connect: timeout?.connect ?? '' }, upstreams };
}

/** A definition as documents have it. */
export function definitionOf({ name, basePath, timeout, upstreams }: UpstreamDefinitionDraft): UpstreamDefinition {
  const { connect } = filledOnly(timeout);
  return {
    name: name.trim(),
    ...filledOnly({ basePath }),
    ...(connect === undefined ? {} : { timeout: { connect } }),
    upstreams: upstreams.map(({ url, weight }) => ({ url: url.trim(), weight })),
  };
}

/** Where the provider is and how Penstock logs in there, as the API takes it. */
export function upstreamOf(
  { servers, spec: { upstream } }: PlacesDraft,
  template: LlmProviderTemplate | undefined,
): LlmProviderManifest['spec']['upstream'] {
  const { url, ref, hostRewrite, apiVersion, auth } = upstream;
  return {
    ...(servers === 'url' ? { url: url.trim() } : { ref }),
    ...(hostRewrite ? { hostRewrite } : {}),
    ...filledOnly({ apiVersion }),
    auth: authOf(auth, template),
  };
}

/** What a test of the connection tries: one server, of a definition the first. Undefined: none is named yet. */
export function testedUpstream(
  draft: PlacesDraft,
  template: LlmProviderTemplate | undefined,
): LlmProviderManifest['spec']['upstream'] | undefined {
  const { hostRewrite: _, ref, ...upstream } = upstreamOf(draft, template);
  if (ref === undefined) return upstream;
  const definition = draft.spec.upstreamDefinitions.find(({ name }) => name.trim() === ref);
  const [first] = definition?.upstreams ?? [];
  if (!definition || !first) return undefined;
  return { ...upstream, url: `${first.url.trim().replace(/\/$/, '')}${definition.basePath.trim().replace(/\/$/, '')}` };
}

function authOf({ type, header, value }: UpstreamDraft['auth'], template: LlmProviderTemplate | undefined) {
  if (type === 'none') return { type };
  const secret = withPrefix(value.trim(), template?.spec.authValuePrefix ?? '');
  return { type, ...(header ? { header } : {}), ...(secret ? { value: secret } : {}) };
}

/** Puts the vendor's `Bearer ` before a bare key, so that admins can paste what the vendor gave them. */
function withPrefix(secret: string, prefix: string): string {
  return secret === '' || secret.toLowerCase().startsWith(prefix.toLowerCase()) ? secret : `${prefix}${secret}`;
}
