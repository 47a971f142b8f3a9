import {
  type ConfigSnapshot,
  type ExplainedError,
  type ExplainedPolicy,
  type ExplainRequest,
  type ExplainResult,
  GatewayError,
  type SnapshotProvider,
} from '@penstock/contracts';
import type { ApplicableLimit, LimitReading, SentRequest } from '@penstock/rate-limiting';
import { compileModelFilter, compileRoutes, namesUsableModel, type ProxyRoutes } from '@penstock/routing';
import { ApplicableLimits } from './applicable-limits.ts';
import { explainedError } from './explained-error.ts';
import { explainKey, type KeyAnswer, type StoredKey } from './explain-key.ts';
import { explainTargets, type TargetAnswer } from './explain-targets.ts';
import { explainPassage, ownPaths, providerPaths, whyDenied } from './explained-provider.ts';
import { findRoute, type FoundRoute } from './find-route.ts';
import { judgeLimits } from './judge-limits.ts';
import { planHold, type HoldPlan } from './plan-hold.ts';
import { entriesByHost } from './reached-entries.ts';
import { routeByPolicies } from './route-by-policies.ts';
import { sentRequest } from './sent-request.ts';
import { WrittenProxy } from './written-proxy.ts';

/** What a request is explained by. */
export interface ExplainWorld {
  readonly snapshot: ConfigSnapshot;
  /** Only its proxies and keys are looked at. */
  readonly organizationId: string;
  /** The key that the caller shows; null: none. */
  readonly key: StoredKey | null;
  readonly now: number;
  /** The document of a proxy. */
  readonly writtenProxy: (name: string) => Promise<WrittenProxy>;
  /** What is used of limits; null where Redis does not answer. */
  readonly readLimits: (limits: readonly ApplicableLimit[]) => Promise<readonly LimitReading[] | null>;
}

/** Where a request goes. */
type Destination = Pick<ExplainResult, 'model' | 'targets' | 'limits' | 'hold'>;

const NOWHERE: Destination = { model: null, targets: [], limits: [], hold: null };

const UNKNOWN: Omit<ExplainResult, 'verdict'> = {
  proxy: null,
  operation: null,
  authentication: null,
  policies: [],
  ...NOWHERE,
};

/** Follows a request through the config as gateways would, and sends nothing. */
export async function explainRequest(request: ExplainRequest, world: ExplainWorld): Promise<ExplainResult> {
  const { snapshot, organizationId } = world;
  const isOwn = (entity: { readonly organizationId: string }): boolean => entity.organizationId === organizationId;
  const own = { proxies: snapshot.proxies.filter(isOwn), providers: snapshot.providers.filter(isOwn) };
  const route = findRoute(entriesByHost(own, headerOf(request.headers, 'host') ?? ''), request);
  if (!('proxy' in route)) return { ...UNKNOWN, verdict: { admitted: false, error: route, notes: [] } };
  const published = snapshot.virtualKeys.find(({ id }) => id === world.key?.id);
  const team = snapshot.teams.find(({ id }) => id === world.key?.teamId);
  const { address } = request;
  const direct = route.direct !== null;
  const key = explainKey({ proxy: route.proxy, direct, stored: world.key, published, team, address, now: world.now });
  const parts = { request, world, route, key };
  const providers = new Map(snapshot.providers.map((provider) => [provider.id, provider]));
  const access = { key: route.proxy.authentication === 'none' ? undefined : published, team };
  return new Explanation(parts, providers, access).result();
}

interface Parts {
  readonly request: ExplainRequest;
  readonly world: ExplainWorld;
  readonly route: FoundRoute;
  readonly key: KeyAnswer;
}

type Access = {
  readonly key: ConfigSnapshot['virtualKeys'][number] | undefined;
  readonly team: ConfigSnapshot['teams'][number] | undefined;
};

/** One request that has arrived at a proxy. The first error, in the order in which gateways check, is the verdict. */
class Explanation {
  readonly #parts: Parts;
  readonly #providers: ReadonlyMap<string, SnapshotProvider>;
  readonly #routes: ProxyRoutes;
  readonly #access: Access;
  readonly #errors: ExplainedError[] = [];
  readonly #notes: string[] = [];
  /** Of the provider that is asked first. */
  #passed: readonly ExplainedPolicy[] = [];

  constructor(parts: Parts, providers: ReadonlyMap<string, SnapshotProvider>, access: Access) {
    this.#parts = parts;
    this.#providers = providers;
    this.#access = access;
    this.#routes = compileRoutes(parts.route.proxy, providers);
    this.#checkDirect(parts.route, parts.request.method);
    if (parts.key.error) this.#errors.push(parts.key.error);
    this.#notes.push(...parts.key.notes);
  }

  async result(): Promise<ExplainResult> {
    const { route, key } = this.#parts;
    const sent = this.#sent();
    const governed = routeByPolicies(this.#policyRequest(), this.#routes, sent?.facts.model ?? null);
    this.#noteRefusals(governed.policies);
    const destination = sent ? await this.#destination(sent, governed) : NOWHERE;
    return {
      proxy: route.told,
      operation: route.operation,
      authentication: key.told,
      policies: [...governed.policies, ...this.#passed],
      ...destination,
      verdict: { admitted: this.#errors.length === 0, error: this.#errors[0] ?? null, notes: this.#notes },
    };
  }

  /** Where the request goes, and what it takes from limits. */
  async #destination(sent: SentRequest, governed: ReturnType<typeof routeByPolicies>): Promise<Destination> {
    const { model, targets, candidates, known, denied } = await this.#targets(sent, governed);
    if (candidates.length === 0 && denied) this.#errors.push(resourceNotFound());
    else this.#checkModel(sent, { candidates, known });
    this.#passFirst(sent, candidates);
    const plan = this.#plan(sent, candidates);
    const limits = plan ? await this.#limits(plan) : [];
    return { model, targets: [...targets], limits, hold: plan?.told ?? null };
  }

  /** The request as it would be read; null when the gateway answers by itself, or cannot read it. */
  #sent(): SentRequest | null {
    const { request, route } = this.#parts;
    if (!route.asked) {
      this.#notes.push('The gateway answers this by itself: no model is asked.');
      return null;
    }
    return this.#attempt(() => route.asked && sentRequest(route.asked, request, route.parameter));
  }

  #policyRequest() {
    const { route, request } = this.#parts;
    const { proxy, direct, paths, sentPath, operation } = route;
    const own = [...paths, ...(direct ? ownPaths(direct, sentPath) : [sentPath])];
    return { proxy, paths: own, template: operation.path, method: request.method, headers: request.headers };
  }

  /** A provider that is called by its own context goes by the path that its caller asks for. */
  #checkDirect({ direct, sentPath }: FoundRoute, method: string): void {
    const denied = direct && whyDenied(direct, ownPaths(direct, sentPath), method);
    if (denied === null) return;
    this.#notes.push(`${denied}.`);
    this.#errors.push(resourceNotFound());
  }

  /** What the rules of the provider make of it that is asked first. */
  #passFirst(sent: SentRequest, [first]: TargetAnswer['candidates']): void {
    const { route, request } = this.#parts;
    if (!first || route.direct) return;
    const paths = providerPaths(sent, first.target, first.entry, first.provider);
    if (!paths) return;
    const passage = explainPassage(first.entry, paths, { proxy: route.proxy, headers: request.headers });
    this.#passed = passage.policies;
    this.#noteRefusals(passage.policies);
    if (passage.showsKey) this.#notes.push('The key that the proxy shows to its provider has to be valid there.');
    if (passage.missingKey === null) return;
    this.#notes.push(`${passage.missingKey}.`);
    this.#errors.push({ code: 'invalid_api_key', status: 401, message: 'Valid API key required' });
  }

  /** What policies may say of a body or an answer is not tried out. */
  #noteRefusals(policies: readonly ExplainResult['policies'][number][]): void {
    const names = policies
      .filter(({ runs, category }) => runs !== 'no' && category !== 'routing')
      .map(({ name }) => name);
    if (names.length > 0) this.#notes.push(`Policies that run may answer, change or refuse it: ${names.join(', ')}.`);
  }

  async #targets(sent: SentRequest, governed: ReturnType<typeof routeByPolicies>): Promise<TargetAnswer> {
    const { world, route, request } = this.#parts;
    return explainTargets({
      sent,
      routes: this.#routes,
      providers: this.#providers,
      governed,
      named: headerOf(request.headers, 'x-provider'),
      written: route.direct ? new WrittenProxy([], new Map(), new Set()) : await world.writtenProxy(route.proxy.name),
      now: world.now,
    });
  }

  #checkModel({ facts: { model }, surface }: SentRequest, found: Pick<TargetAnswer, 'candidates' | 'known'>): void {
    const { key } = this.#access;
    const mayUse = !key || namesUsableModel(compileModelFilter(key.models), this.#routes, model);
    if (!mayUse) this.#notes.push(`The key may use the models ${key.models.join(', ')}, and not '${model}'.`);
    const isServed = found.candidates.length > 0;
    const isCounted = !isServed && surface.operation === 'count-tokens' && found.known > 0;
    if (isCounted) this.#notes.push('No target counts tokens: an estimate is answered.');
    if (!mayUse || (!isServed && !isCounted)) this.#errors.push(modelNotFound(model));
  }

  #plan(sent: SentRequest, candidates: TargetAnswer['candidates']): HoldPlan | null {
    if (candidates.length === 0) return null;
    const { world, route } = this.#parts;
    const limits = new ApplicableLimits(world.snapshot, world.organizationId);
    const access = limits.access({ proxy: route.proxy, ...this.#access });
    return this.#attempt(() => planHold({ sent, candidates, access, limits, now: world.now }));
  }

  async #limits(plan: HoldPlan): Promise<ExplainResult['limits']> {
    const { world } = this.#parts;
    const readings = await world.readLimits(plan.limits.map(({ applicable }) => applicable));
    const { told, error, notes } = judgeLimits(plan, readings, world.now);
    if (error) this.#errors.push(error);
    this.#notes.push(...notes);
    return [...told];
  }

  #attempt<Value>(work: () => Value): Value | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#errors.push(explainedError(error));
      return null;
    }
  }
}

function headerOf(headers: ExplainRequest['headers'], name: string): string | undefined {
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return value === '' ? undefined : value;
}

function resourceNotFound(): ExplainedError {
  return { code: 'not_found', status: 404, message: 'Resource not found.' };
}

function modelNotFound(model: string): ExplainedError {
  const message = `The model '${model}' does not exist or you do not have access to it.`;
  return explainedError(new GatewayError('model_not_found', message));
}
