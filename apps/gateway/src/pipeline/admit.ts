import type { GatewayError } from '@penstock/contracts';
import {
  type ApplicableLimit,
  capCharges,
  type Consumption,
  deniersOf,
  type Denial,
  estimateCharges,
  type LimitCharge,
  type LeastUse,
  type LimitDecision,
  limitRefusal,
  type LowerHold,
  lowerHold,
  type OutputBounds,
  type RateLimiter,
  type Reservation,
  routeWhenExceeded,
  type SentRequest,
} from '@penstock/rate-limiting';
import type { CompiledProxy } from '../config/compiled-config.ts';
import { NO_LIMITS, without } from '../config/limit-set.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import type { Candidate } from './candidate.ts';
import { type HoldingPlan, leastUse, planHolding } from './holding-plan.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { inOwnWords, measured, measureOf } from '../policies/policy-limit.ts';
import { withPolicyHeaders } from '../policies/policy-limit-headers.ts';
import { selectCandidates } from './select-candidates.ts';
import type { Expectation } from './settlement.ts';

export interface AdmissionServices {
  readonly limiter: RateLimiter;
  readonly metrics: GatewayMetrics;
  /** Epoch ms. */
  readonly now: () => number;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
  /** Bound of an answer where neither caller nor model has one, tokens. */
  readonly defaultMaxOutputTokens: number;
  /** A limit sends requests to a model that the proxy does not have: they are refused instead. */
  readonly onUnroutable: (limit: ApplicableLimit, model: string) => void;
}

/** A request whose key may use its model. */
export interface AdmissionRequest extends SentRequest {
  readonly surface: Surface;
  readonly context: RequestContext;
  readonly proxy: CompiledProxy;
}

/** An admitted request. */
export interface Admission {
  readonly candidates: readonly Candidate[];
  readonly expectation: Expectation;
  /** Null: no limit applies. */
  readonly reservation: Reservation | null;
  /** What is held of soft limits, and of hard ones. */
  readonly probable: Consumption;
  readonly most: Consumption | null;
  /** Answers that are generated, where `most` is there; else 1. */
  readonly answers: number;
  /** The most tokens that one answer of each target may have, to be written upstream; null: as the caller says. */
  readonly outputBounds: OutputBounds | null;
  /** Limits that sent the request to another model and are not charged. */
  readonly spared: readonly ApplicableLimit[];
}

const MAX_ROUTES = 3;
const NONE: readonly ApplicableLimit[] = [];
const ROUTED = 'quota-exceeded-routed';

/**
 * Takes what a request will use from all of its limits in one step, and tells the caller how much is left. Where limits say so, a
 * request that they deny starts over with another model, at most three times; where a target's own limits deny it, with the targets
 * that have others. Throws GatewayError when it is denied. A promise only where there are limits.
 */
export function admit(
  request: AdmissionRequest,
  candidates: readonly Candidate[],
  services: AdmissionServices,
): Admission | Promise<Admission> {
  const plan = planOf(request, candidates, services, NONE);
  return plan.limits.length === 0 ? admissionOf(plan, null) : reserveOrRoute(request, plan, services);
}

/** Takes nothing: for a request that no model is asked. */
export function admitFree(
  request: AdmissionRequest,
  candidates: readonly Candidate[],
  { now, defaultMaxOutputTokens }: Pick<AdmissionServices, 'now' | 'defaultMaxOutputTokens'>,
): Admission {
  const free = candidates.map((candidate) => ({ ...candidate, limits: NO_LIMITS }));
  const settings = { access: NO_LIMITS, spared: NONE, nowMs: now(), defaultMaxOutputTokens };
  return admissionOf(planHolding(request, free, settings), null);
}

function planOf(
  request: AdmissionRequest,
  candidates: readonly Candidate[],
  services: AdmissionServices,
  spared: readonly ApplicableLimit[],
): HoldingPlan {
  const { context, proxy } = request;
  const usual = context.config.limitPlans.of(context.key, proxy);
  const access = without(context.policies?.limits(usual) ?? usual, spared);
  const { now, defaultMaxOutputTokens } = services;
  return planHolding(request, candidates, { access, spared, nowMs: now(), defaultMaxOutputTokens });
}

function admissionOf(plan: HoldingPlan, reservation: Reservation | null, bound?: number): Admission {
  const { candidates, expectation, probable, most, spared } = plan;
  return {
    candidates,
    expectation,
    reservation,
    probable,
    most: most && most.consumption(bound),
    answers: most?.answers ?? 1,
    outputBounds: outputBoundsOf(plan, bound),
    spared,
  };
}

function outputBoundsOf({ candidates, most, boundsOutput }: HoldingPlan, bound?: number): OutputBounds | null {
  if (!most || !boundsOutput) return null;
  const bounds = most.boundsWithin(bound ?? most.outputBound);
  return new Map(candidates.map(({ target }, index) => [target, bounds[index] ?? most.leastOutput]));
}

async function reserveOrRoute(
  request: AdmissionRequest,
  first: HoldingPlan,
  services: AdmissionServices,
): Promise<Admission> {
  const { context, facts } = request;
  const tried = [facts.model];
  let plan = first;
  for (;;) {
    const { decision, charges } = await reserve(plan, context, services);
    if (decision.allowed) return admissionOf(plan, decision.reservation);
    const routed = tried.length > MAX_ROUTES ? null : reroute(request, { plan, denial: decision, tried }, services);
    if (routed) context.limitWarnings = [ROUTED];
    const next = routed ?? withoutDenied(request, { plan, denial: decision }, services);
    if (!next) return reserveLess(plan, { denial: decision, charges, context }, services);
    if (next.limits.length === 0) return admissionOf(next, null);
    plan = next;
  }
}

/** The plan without the targets that have the denying limits; null when those hold for the others too, or for the caller. */
function withoutDenied(
  request: AdmissionRequest,
  { plan, denial }: { readonly plan: HoldingPlan; readonly denial: Denial },
  services: AdmissionServices,
): HoldingPlan | null {
  const deniers = deniersOf(denial).map(({ applicable }) => applicable);
  const has = ({ limits: { limits } }: Candidate, { subject, id }: ApplicableLimit): boolean =>
    limits.some(({ applicable: own }) => own.subject === subject && own.id === id);
  const [first] = plan.candidates;
  if (!first || !deniers.every((denier) => has(first, denier))) return null;
  const others = plan.candidates.filter((candidate) => !deniers.some((denier) => has(candidate, denier)));
  return others.length === 0 ? null : planOf(request, others, services, plan.spared);
}

/** Once more with shorter answers, and with less of soft ledgers, when that is all that it takes. Throws GatewayError when the request is denied. */
async function reserveLess(
  plan: HoldingPlan,
  denied: { readonly denial: Denial; readonly charges: readonly LimitCharge[]; readonly context: RequestContext },
  services: AdmissionServices,
): Promise<Admission> {
  const shortest = leastUse(plan, services.now());
  const isExact = deniersOf(denied.denial).some(({ applicable }) => measureOf(applicable)?.isExact);
  const lower = isExact ? null : lowerHold(denied.denial, plan.boundsOutput ? plan.most : null, shortest.probable);
  if (lower === null) throw refuse(denied, shortest, services);
  const { decision, charges } = await reserve(plan, denied.context, services, lower);
  if (!decision.allowed) throw refuse({ denial: decision, charges }, shortest, services);
  return admissionOf(plan, decision.reservation, lower.outputBound);
}

async function reserve(
  plan: HoldingPlan,
  context: RequestContext,
  services: AdmissionServices,
  lower?: LowerHold,
): Promise<{ readonly decision: LimitDecision; readonly charges: readonly LimitCharge[] }> {
  const estimated = estimateCharges(plan.limits, plan.probable, plan.most && plan.most.consumption(lower?.outputBound));
  const isGoverned = context.policies !== null || context.hasProviderLimits;
  const usual = isGoverned ? measured(estimated, plan.probable) : estimated;
  const charges = lower ? capCharges(usual, lower.caps) : usual;
  const decision = await services.limiter.reserve(charges);
  services.metrics.countShadowRejections(decision.statuses);
  // What a policy measures in its own way counts no requests.
  const counted = isGoverned ? decision.statuses.filter((one) => !measureOf(one.applicable)) : decision.statuses;
  context.rateLimitHeaders = rateLimitHeaders(counted);
  if (isGoverned) context.rateLimitHeaders = withPolicyHeaders(context.rateLimitHeaders, decision.statuses);
  return { decision, charges };
}

function refuse(
  { denial, charges }: { readonly denial: Denial; readonly charges: readonly LimitCharge[] },
  shortest: LeastUse,
  services: AdmissionServices,
): GatewayError {
  services.metrics.rejected(denial.exceeded.applicable.limit.unit);
  return inOwnWords(limitRefusal(denial, charges, services.now(), shortest), denial);
}

/** The plan for the model to which the denying limits send the request; null when they do not, or when that cannot serve it. */
function reroute(
  request: AdmissionRequest,
  state: { readonly plan: HoldingPlan; readonly denial: Denial; readonly tried: string[] },
  services: AdmissionServices,
): HoldingPlan | null {
  const model = routeWhenExceeded(state.denial);
  if (model === null || state.tried.includes(model)) return null;
  const { candidates } = selectCandidates(request, { model, random: services.random });
  if (candidates.length === 0) {
    services.onUnroutable(state.denial.exceeded.applicable, model);
    return null;
  }
  state.tried.push(model);
  const spared = [...state.plan.spared, ...deniersOf(state.denial).map(({ applicable }) => applicable)];
  const charged = candidates.map((candidate) => ({ ...candidate, limits: without(candidate.limits, spared) }));
  return planOf(request, charged, services, spared);
}
