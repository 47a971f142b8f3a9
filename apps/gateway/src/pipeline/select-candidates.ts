import type { RequestFacts } from '@penstock/dialects';
import { chooseDialect } from '@penstock/providers';
import { type RouteTarget, selectTargets } from '@penstock/routing';
import type { CompiledProxy } from '../config/compiled-config.ts';
import { limitsOfTarget } from '../config/limit-plans.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { Candidate } from './candidate.ts';

/** Which model is asked for, and how it may be found. */
export interface ModelWish {
  readonly model: string;
  /** What the caller calls the provider that shall serve it. */
  readonly provider?: string | undefined;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
}

/** The places of a proxy that serve a model in the caller's way, in the order in which they are tried; and how many there are at all. */
export function selectCandidates(
  asked: {
    readonly context: RequestContext;
    readonly proxy: CompiledProxy;
    readonly surface: Surface;
    readonly facts: RequestFacts;
  },
  { model, provider, random }: ModelWish,
): { readonly candidates: readonly Candidate[]; readonly known: number } {
  const targets = governed(asked, { model, random }, selectTargets(asked.proxy.routes, model, { provider, random }));
  const candidates: Candidate[] = [];
  for (const target of targets) {
    const candidate = candidateAt(asked, target);
    if (candidate) candidates.push(candidate);
  }
  return { candidates, known: targets.length };
}

/** The targets as the policies of the operation choose them. */
function governed(
  { context, proxy }: { readonly context: RequestContext; readonly proxy: CompiledProxy },
  wish: Pick<ModelWish, 'model' | 'random'>,
  targets: readonly RouteTarget[],
): readonly RouteTarget[] {
  if (!context.policies) return targets;
  const choice = { routes: proxy.routes, ...wish, targets };
  context.policies.route(choice);
  return choice.targets;
}

function candidateAt(
  { context, surface, facts }: Parameters<typeof selectCandidates>[0],
  target: RouteTarget,
): Candidate | undefined {
  const provider = context.config.providers.get(target.providerId);
  if (!provider) return undefined;
  const profile = provider.profiles.of(target.modelId, target.upstreamModel);
  if (chooseDialect(surface, facts, { adapter: provider.adapter, profile }) === undefined) return undefined;
  return { target, provider, limits: limitsOfTarget(provider, target.modelId) };
}
