import {
  type ExplainedPolicy,
  Fallback,
  findPolicy,
  LeastBusy,
  LlmHeaderRouter,
  LowestLatency,
  ModelRoundRobin,
  ModelRouter,
  ModelWeightedRoundRobin,
  type SnapshotPolicy,
} from '@penstock/contracts';
import {
  compileHeaderChoice,
  compileModelRules,
  compileTranslation,
  type ProxyRoutes,
  type RouteTarget,
  resolveTargets,
  targetAt,
  type TranslationRoute,
} from '@penstock/routing';
import { type Judgement, judgePolicy, type PolicyRequest } from './policy-judge.ts';

/** Where policies tell each other which provider was chosen. */
const SELECTED = 'selected_provider';

const IN_TURNS: ReadonlySet<string> = new Set([ModelRoundRobin.name, ModelWeightedRoundRobin.name]);
const BY_LOAD: ReadonlySet<string> = new Set([LeastBusy.name, LowestLatency.name]);

/** A model among which a policy chooses. */
interface Member {
  readonly model: string;
  readonly provider?: string | undefined;
}

/** What the policies of a request do to its targets. */
export interface GovernedTargets {
  readonly policies: readonly ExplainedPolicy[];
  /** Null: the proxy's own rules hold. */
  readonly choice: { readonly why: string; readonly targets: readonly RouteTarget[] } | null;
  /** Tried after the others, as the policy `fallback` says. */
  readonly further: readonly RouteTarget[];
}

/** Follows the policies of a request in their order. `model` is the one that is asked for, null when there is none. */
export function routeByPolicies(request: PolicyRequest, routes: ProxyRoutes, model: string | null): GovernedTargets {
  const run = new PolicyWalk(request, routes, model);
  for (const policy of request.proxy.policies) run.head(policy);
  const policies = request.proxy.policies.map((policy) => run.route(policy));
  return { policies, choice: run.choice, further: run.further };
}

/** The models among which a policy chooses; undefined where it names none, or cannot be read. */
function modelsIn(name: string, params: SnapshotPolicy['params']): readonly Member[] | undefined {
  const read = findPolicy(name)?.params.safeParse(params).data as { readonly models?: readonly Member[] } | undefined;
  return read?.models;
}

class PolicyWalk {
  choice: GovernedTargets['choice'] = null;
  further: readonly RouteTarget[] = [];
  readonly #metadata = new Map<string, string>();
  #uncertain = false;
  readonly #request: PolicyRequest;
  readonly #routes: ProxyRoutes;
  readonly #model: string | null;

  constructor(request: PolicyRequest, routes: ProxyRoutes, model: string | null) {
    this.#request = request;
    this.#routes = routes;
    this.#model = model;
  }

  /** What a policy does when only the head of the request is there. */
  head(policy: SnapshotPolicy): void {
    if (policy.name !== LlmHeaderRouter.name || this.#metadata.has(SELECTED)) return;
    const { params } = this.#judge(policy);
    const parsed = params && LlmHeaderRouter.params.safeParse(params);
    if (!parsed?.success) return;
    const header = parsed.data.headerName.toLowerCase();
    const sent = Object.entries(this.#request.headers).find(([name]) => name.toLowerCase() === header)?.[1];
    const provider = compileHeaderChoice(parsed.data)(sent);
    if (provider !== undefined) this.#metadata.set(SELECTED, provider);
  }

  /** What it does when targets are chosen, and what there is to tell of it. */
  route(policy: SnapshotPolicy): ExplainedPolicy {
    const judgement = this.#judge(policy);
    if (judgement.params && this.#model !== null) this.#apply(policy.name, judgement.params, this.#model);
    return judgement.told;
  }

  #judge(policy: SnapshotPolicy): Judgement {
    return judgePolicy(policy, this.#request, { metadata: this.#metadata, uncertain: this.#uncertain });
  }

  #apply(name: string, params: SnapshotPolicy['params'], model: string): void {
    if (name === LlmHeaderRouter.name) this.#byHeader(model);
    if (name === ModelRouter.name) this.#byModel(params, model);
    if (IN_TURNS.has(name)) this.#inTurns(name, modelsIn(name, params) ?? []);
    if (BY_LOAD.has(name)) this.#byLoad(name, modelsIn(name, params), model);
    if (findPolicy(name)?.category === 'translation') this.#translated(name, params, model);
    if (name === Fallback.name) {
      const targets = Fallback.params.safeParse(params).data?.targets ?? [];
      this.further = targets.flatMap(({ provider, model: own }) => this.#at(provider, own ?? model));
    }
  }

  /** Sends to its provider's own model, as the gateway does. */
  #translated(name: string, params: SnapshotPolicy['params'], model: string): void {
    const route = findPolicy(name)?.params.safeParse(params).data as TranslationRoute | undefined;
    if (!route) return;
    const selected = this.#metadata.get(SELECTED) ?? '';
    const before = this.choice?.targets ?? this.#usual(model, selected === '' ? undefined : selected);
    const targets = compileTranslation(route)({ routes: this.#routes, model, targets: before }, selected);
    if (targets === before) return;
    this.choice = { why: [this.choice?.why, `${name} names the model there`].filter(Boolean).join('; '), targets };
  }

  #byHeader(model: string): void {
    // What an earlier policy chose stays.
    if (this.choice) return;
    const provider = this.#metadata.get(SELECTED);
    const why =
      provider === undefined
        ? 'llm-header-router chooses no provider, so the rules of the proxy hold'
        : `llm-header-router chooses the provider '${provider}'`;
    this.choice = { why, targets: this.#usual(model, provider) };
  }

  #byModel(params: SnapshotPolicy['params'], model: string): void {
    if (this.#metadata.has(SELECTED)) return;
    const rule = compileModelRules(ModelRouter.params.safeParse(params).data?.rules ?? [])(model);
    if (!rule) return;
    this.#metadata.set(SELECTED, rule.provider);
    const why = `model-router sends '${rule.match}' to '${rule.provider}'`;
    this.choice = { why, targets: this.#at(rule.provider, rule.model ?? model) };
  }

  #inTurns(name: string, models: readonly Member[]): void {
    this.#uncertain = true;
    const why = `${name} takes these in turn: any of them may be the first`;
    this.choice = { why, targets: this.#of(models) };
  }

  /** Only the gateway knows how busy its targets are. */
  #byLoad(name: string, models: readonly Member[] | undefined, asked: string): void {
    this.#uncertain = true;
    const targets = models ? this.#of(models) : (this.choice?.targets ?? this.#usual(asked));
    this.choice = { why: `${name} orders these by their load: any of them may be the first`, targets };
  }

  #of(models: readonly Member[]): readonly RouteTarget[] {
    return models.flatMap(({ model, provider }) =>
      provider === undefined ? this.#usual(model, this.#metadata.get(SELECTED)) : this.#at(provider, model),
    );
  }

  #usual(model: string, provider?: string): readonly RouteTarget[] {
    return resolveTargets(this.#routes, model, { provider, random: () => 0 }).targets;
  }

  #at(provider: string, model: string): readonly RouteTarget[] {
    const route = this.#routes.providersByAlias.get(provider);
    const target = route && targetAt(route, model);
    return target ? [target] : [];
  }
}
