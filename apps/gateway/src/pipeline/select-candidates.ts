import type { RequestFacts } from '@penstock/dialects';
import { chooseDialect } from '@penstock/providers';
import { type RouteTarget, selectTargets } from '@penstock/routing';
import type { CompiledProxy } from '../config/compiled-config.ts';
import { limitsOfTarget } from '../config/limit-plans.ts';
import { limitSet, type LimitSet, NO_LIMITS } from '../config/limit-set.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';
import { PolicyRun } from '../policies/policy-run.ts';
import type { Candidate } from './candidate.ts';
import { placeAt, policiesAt } from './provider-place.ts';

/** Which model is asked for, and how it may be found. */
export interface ModelWish {
  readonly model: string;
  /** What the caller calls the provider that shall serve it. */
  readonly provider?: string | undefined;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
}

/** A request for which places are looked for. */
export interface AskedRequest {
  readonly context: RequestContext;
  readonly proxy: CompiledProxy;
  readonly surface: Surface;
  readonly facts: RequestFacts;
  readonly body: Buffer;
}

/** The places that serve a model. */
export interface FoundCandidates {
  /** In the order in which they are tried. */
  readonly candidates: readonly Candidate[];
  /** How many the proxy has at all. */
  readonly known: number;
  /** The access control of a provider lets nothing of this kind through. */
  readonly denied: boolean;
}

/** The places of a proxy that serve a model in the caller's way. */
export function selectCandidates(asked: AskedRequest, { model, provider, random }: ModelWish): FoundCandidates {
  const targets = governed(asked, { model, random }, selectTargets(asked.proxy.routes, model, { provider, random }));
  const candidates: Candidate[] = [];
  let denied = false;
  for (const target of targets) {
    const candidate = candidateAt(asked, target);
    if (candidate === 'denied') denied = true;
    else if (candidate) candidates.push(candidate);
  }
  return { candidates, known: targets.length, denied };
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

function candidateAt(asked: AskedRequest, target: RouteTarget): Candidate | 'denied' | undefined {
  const { context, surface, facts } = asked;
  const provider = context.config.providers.get(target.providerId);
  if (!provider) return undefined;
  const profile = provider.profiles.of(target.modelId, target.upstreamModel);
  if (chooseDialect(surface, facts, { adapter: provider.adapter, profile }) === undefined) return undefined;
  const usual = limitsOfTarget(provider, target.modelId);
  if (provider.rules === null) return { target, provider, limits: usual };
  if (placeAt(asked, target, provider)?.allowed === false) return 'denied';
  return { target, provider, limits: withPolicies(asked, policiesAt(asked, target, provider), usual) };
}

/** With the limits of the provider's own policies that the request meets on its way there. */
function withPolicies({ context, facts, body }: AskedRequest, chain: PolicyChain | null, usual: LimitSet): LimitSet {
  if (chain === null || chain.limits.length === 0) return usual;
  const run = new PolicyRun(chain, context);
  run.see(facts, body);
  const { limits } = run.limits(NO_LIMITS);
  if (limits.length === 0) return usual;
  context.hasProviderLimits = true;
  return limitSet(usual.limits, limits);
}
