import type { ExplainedModel, ExplainedTarget, SnapshotPrice, SnapshotProvider } from '@penstock/contracts';
import { adapterFor, chooseDialect, isTranslated, ModelProfiles } from '@penstock/providers';
import { type PricedCandidate, priceOf, type SentRequest } from '@penstock/rate-limiting';
import { type ProxyRoutes, resolveTargets, type RouteTarget, type TargetRule } from '@penstock/routing';
import { providerPaths, whyDenied } from './explained-provider.ts';
import type { GovernedTargets } from './route-by-policies.ts';
import type { WrittenProxy } from './written-proxy.ts';

/** A place that a request may go to, and the snapshot's entry of its provider. */
export interface ExplainedCandidate extends PricedCandidate {
  readonly entry: SnapshotProvider;
}

export interface TargetQuestion {
  readonly sent: SentRequest;
  readonly routes: ProxyRoutes;
  readonly providers: ReadonlyMap<string, SnapshotProvider>;
  readonly governed: GovernedTargets;
  /** What the caller calls the provider that shall serve it. */
  readonly named: string | undefined;
  /** The proxy as its document says it. */
  readonly written: WrittenProxy;
  readonly now: number;
}

export interface TargetAnswer {
  readonly model: ExplainedModel;
  readonly targets: readonly ExplainedTarget[];
  readonly candidates: readonly ExplainedCandidate[];
  /** Targets that the proxy has for the model at all. */
  readonly known: number;
  /** The access control of a provider lets nothing of this kind through. */
  readonly denied: boolean;
}

interface Placed {
  readonly target: RouteTarget;
  readonly weight: number;
  readonly priority: number;
}

const WHY: Readonly<Record<TargetRule, string>> = {
  'named-provider': 'the caller names the provider in x-provider',
  'virtual-model': 'it is a model of the proxy',
  prefix: 'what stands before the / is a provider of the proxy',
  listed: 'it is listed by providers of the proxy',
  primary: 'no provider lists it, and the primary provider accepts any model',
  none: 'it is no model of the proxy, no provider lists it, and the primary provider does not accept any model',
};

/** Which targets a request has, and which rule chose them. */
export function explainTargets(question: TargetQuestion): TargetAnswer {
  const { sent, routes, governed, named } = question;
  const asked = sent.facts.model;
  const usual = resolveTargets(routes, asked, { provider: named, random: () => 0 });
  const chosen = governed.choice;
  const model: ExplainedModel = chosen
    ? { asked, rule: 'policy', why: chosen.why }
    : { asked, rule: usual.rule, why: whyOf(usual.rule, named) };
  const placed = [
    ...(chosen
      ? plain(chosen.targets)
      : usual.rule === 'virtual-model'
        ? weighted(routes, asked)
        : plain(usual.targets)),
    ...plain(governed.further, 1_000),
  ];
  const judged = placed.map((place) => ({ place, ...judge(place, question) }));
  const used = judged.flatMap(({ place, candidate }) => (candidate ? [place] : []));
  const told = judged.map(({ place, candidate, told: target }) =>
    candidate ? { ...target, share: shareOf(place, used) } : target,
  );
  const isOwn = !chosen && usual.rule !== 'named-provider';
  return {
    model,
    targets: [...told, ...(isOwn ? question.written.unreachable(asked, routes) : [])],
    candidates: judged.flatMap(({ candidate }) => candidate ?? []),
    known: placed.length,
    denied: judged.some(({ denied }) => denied),
  };
}

function whyOf(rule: TargetRule, named: string | undefined): string {
  return rule === 'none' && named !== undefined ? `the provider '${named}' does not serve it here` : WHY[rule];
}

/** In the order in which they stand: each is tried when those before it failed. */
function plain(targets: readonly RouteTarget[], first = 0): readonly Placed[] {
  return targets.map((target, index) => ({ target, weight: 1, priority: first + index }));
}

function weighted(routes: ProxyRoutes, model: string): readonly Placed[] {
  const targets = routes.models.get(model) ?? [];
  return targets.toSorted((left, right) => left.priority - right.priority || right.weight - left.weight);
}

function judge(
  { target, weight, priority }: Placed,
  { sent, providers, now }: TargetQuestion,
): { readonly told: ExplainedTarget; readonly candidate: ExplainedCandidate | null; readonly denied?: boolean } {
  const entry = providers.get(target.providerId);
  const told: ExplainedTarget = {
    provider: entry?.name ?? target.alias,
    alias: target.alias,
    model: target.modelId,
    upstreamModel: target.upstreamModel,
    weight,
    priority,
    share: null,
    dialect: null,
    translated: null,
    leftOut: null,
    price: null,
  };
  if (!entry) return { told: { ...told, leftOut: 'its provider is not deployed' }, candidate: null };
  const candidate = candidateAt(target, entry);
  const { adapter, profiles } = candidate.provider;
  const choice = { adapter, profile: profiles.of(target.modelId, target.upstreamModel) };
  const dialect = chooseDialect(sent.surface, sent.facts, choice);
  const price = priceOf(candidate, now);
  if (dialect === undefined) {
    const leftOut = `its provider has no operation '${sent.surface.operation}'`;
    return { told: { ...told, leftOut, price: explainedPrice(price) }, candidate: null };
  }
  const paths = providerPaths(sent, target, entry, candidate.provider);
  const denied = paths && whyDenied(entry, paths);
  if (denied !== null) return { told: { ...told, leftOut: denied }, candidate: null, denied: true };
  const translated = isTranslated(sent.surface, dialect, adapter);
  return { told: { ...told, dialect, translated, price: explainedPrice(price) }, candidate };
}

function candidateAt(target: RouteTarget, entry: SnapshotProvider): ExplainedCandidate {
  const provider = {
    adapter: adapterFor(entry.template, entry.dialect),
    profiles: new ModelProfiles(entry),
    prices: new Map(Object.entries(entry.prices)),
  };
  return { target, entry, provider };
}

/** Of a priority, by weight; where all weigh nothing they are alike. */
function shareOf({ weight, priority }: Placed, used: readonly Placed[]): number {
  const peers = used.filter((other) => other.priority === priority);
  const total = peers.reduce((sum, peer) => sum + peer.weight, 0);
  return total === 0 ? 1 / peers.length : weight / total;
}

/** Versions of set prices begin with the id of their document. */
const SET_PRICE = /^[0-9a-f]{8}-[0-9a-f-]{27}@/;

function explainedPrice(price: SnapshotPrice | undefined): ExplainedTarget['price'] {
  if (!price) return null;
  const { version, inputPerMillion, outputPerMillion } = price;
  return { version, source: SET_PRICE.test(version) ? 'ModelPrice' : 'catalog', inputPerMillion, outputPerMillion };
}
