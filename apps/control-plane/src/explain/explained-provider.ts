import {
  ApiKeyAuth,
  type ExplainedPolicy,
  type SnapshotPolicy,
  type SnapshotProvider,
  type SnapshotProxy,
} from '@penstock/contracts';
import { compileAccess, ProviderPaths } from '@penstock/policies';
import { type AskedPath, type PathProvider, upstreamPathOf } from '@penstock/providers';
import type { RouteTarget } from '@penstock/routing';
import { judgePolicy, type PolicyRequest } from './policy-judge.ts';

/** What a provider's own rules make of a request that comes by a proxy. */
export interface ExplainedPassage {
  /** Why it is not let through at all; null: it is. */
  readonly denied: string | null;
  readonly policies: readonly ExplainedPolicy[];
  /** Why the provider wants a key that the proxy does not show; null: it does not, or the proxy shows one. */
  readonly missingKey: string | null;
  /** It wants a key, and the proxy shows something; what that is only gateways know. */
  readonly showsKey: boolean;
}

const NOTHING: ExplainedPassage = { denied: null, policies: [], missingKey: null, showsKey: false };
const METHOD = 'POST';

/** How documents may write the path at which the provider will be asked; null: it has no such operation. */
export function providerPaths(
  asked: AskedPath,
  target: RouteTarget,
  entry: SnapshotProvider,
  provider: Pick<PathProvider, 'adapter' | 'profiles'>,
): readonly string[] | null {
  const path = upstreamPathOf(asked, target, { ...provider, baseUrl: entry.baseUrl, apiVersion: entry.apiVersion });
  return path && ownPaths(entry, new ProviderPaths(basesOf(entry), entry.template).ownPath(path.find()));
}

/** How documents may write a path of a provider. */
export function ownPaths(entry: SnapshotProvider, path: string): readonly string[] {
  return new ProviderPaths(basesOf(entry), entry.template).spellings(path);
}

/** Why the access control of a provider does not let a path through; null: it does. */
export function whyDenied(
  { accessControl }: SnapshotProvider,
  paths: readonly string[],
  method: string = METHOD,
): string | null {
  if (!accessControl || compileAccess(accessControl)({ method, paths })) return null;
  const exception = accessControl.mode === 'allow_all' ? 'an exception of allow_all' : 'no exception of deny_all';
  return `the access control of the provider does not let ${method} ${paths[0] ?? ''} through: it is ${exception}`;
}

/** What happens at a provider, as far as it can be said. */
export function explainPassage(
  entry: SnapshotProvider,
  paths: readonly string[],
  { proxy, headers }: { readonly proxy: SnapshotProxy; readonly headers: PolicyRequest['headers'] },
): ExplainedPassage {
  const denied = whyDenied(entry, paths);
  const policies = entry.policies ?? [];
  if (denied !== null || policies.length === 0) return { ...NOTHING, denied };
  const own: SnapshotProxy = { ...proxy, id: entry.id, name: entry.name, context: entry.context ?? '' };
  const request: PolicyRequest = { proxy: own, method: METHOD, paths, template: paths[0] ?? '', headers };
  const judged = policies.map((policy) => ({
    policy,
    ...judgePolicy(policy, request, { metadata: new Map(), uncertain: false }),
  }));
  const wanted = judged.find(({ policy, params }) => policy.name === ApiKeyAuth.name && params !== null);
  return {
    denied,
    policies: judged.map(({ told }) => ({ ...told, why: `of the provider '${entry.name}': ${told.why}` })),
    ...hopOf(entry, wanted?.params ?? null, proxy),
  };
}

function hopOf(
  { id, name }: SnapshotProvider,
  params: SnapshotPolicy['params'] | null,
  { providers }: SnapshotProxy,
): Pick<ExplainedPassage, 'missingKey' | 'showsKey'> {
  const parsed = params && ApiKeyAuth.params.safeParse(params);
  if (!parsed?.success) return { missingKey: null, showsKey: false };
  const { key, in: place } = parsed.data;
  const shown = providers.find(({ providerId }) => providerId === id)?.auth;
  if (place === 'header' && shown?.header.toLowerCase() === key.toLowerCase()) {
    return { missingKey: null, showsKey: true };
  }
  const missingKey = `the provider '${name}' wants an API key of its own in ${place} '${key}', and the proxy shows none there`;
  return { missingKey, showsKey: false };
}

function basesOf({ baseUrl, upstreams = [] }: SnapshotProvider): readonly string[] {
  return [baseUrl, ...upstreams.map((server) => server.baseUrl)];
}
