import type { Operation } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';
import type { CompiledProxy } from '../config/compiled-config.ts';
import type { ActiveRequests } from '../dispatch/active-requests.ts';
import { answerLastResort, lastResortOf } from '../dispatch/last-resort.ts';
import { RequestDispatch } from '../dispatch/request-dispatch.ts';
import { RequestTranslation } from '../dispatch/request-translation.ts';
import { checkBodyHeaders, ClientGoneError, readBody } from '../http/read-body.ts';
import type { RequestContext } from '../http/request-context.ts';
import { type Admission, type AdmissionServices, admit, admitFree } from '../pipeline/admit.ts';
import { answerKnown } from '../pipeline/answer-known.ts';
import { mayUseModel, modelNotFound } from '../pipeline/authorize.ts';
import type { Candidate } from '../pipeline/candidate.ts';
import { identifyCaller, needsKey } from '../pipeline/identify-caller.ts';
import { ProviderGate, type ProviderGateServices } from '../pipeline/provider-gate.ts';
import { type AskedRequest, selectCandidates } from '../pipeline/select-candidates.ts';
import { Settlement, type SettlementServices } from '../pipeline/settlement.ts';
import { answerPolicy } from '../policies/answer-policy.ts';
import { KnownStream } from '../policies/known-stream.ts';
import { EVENT_STREAM } from '../dispatch/client-stream.ts';
import { beginPolicies } from '../policies/begin-policies.ts';
import type { PolicyRun, ReadBody } from '../policies/policy-run.ts';
import { resourceNotFound } from '../policies/resource-not-found.ts';
import { userTagOf } from '../pipeline/user-tag.ts';
import type { Endpoint } from './endpoint.ts';
import type { Surface } from './surfaces/surface.ts';

export interface InferenceServices extends SettlementServices, AdmissionServices, ProviderGateServices {
  readonly active: ActiveRequests;
  readonly maxBodyBytes: number;
  /** A request failed for a reason that is the gateway's own. */
  readonly onFault: (error: unknown) => void;
}

/** What a model computes from a JSON body, in whatever dialect the caller speaks. */
export class InferenceEndpoint implements Endpoint {
  readonly surface: Surface;
  readonly #services: InferenceServices;
  readonly #gate: ProviderGate;

  constructor(surface: Surface, services: InferenceServices) {
    this.surface = surface;
    this.#services = services;
    this.#gate = new ProviderGate(services);
  }

  get operation(): Operation {
    return this.surface.operation;
  }

  async handle(context: RequestContext): Promise<void> {
    const { request, proxy } = context;
    if (!proxy) throw new TypeError('an inference endpoint stands only under a proxy');
    const services = this.#services;
    const policies = beginPolicies(context);
    const head = policies?.head();
    const early = head instanceof Promise ? await head : head;
    if (context.response.destroyed) throw new ClientGoneError('the client left');
    if (early) {
      answerPolicy(context, early);
      return;
    }
    if (needsKey(context, proxy)) identifyCaller(context, proxy, services.authentication);
    checkBodyHeaders(request, this.#maxBodyBytes(policies));
    const read = await this.#readAndGovern(context, policies);
    if (read.answer) {
      answerPolicy(context, read.answer);
      return;
    }
    await this.#answer(context, proxy, read);
  }

  /** Finds who serves the model, takes what that uses from limits, and asks. */
  async #answer(context: RequestContext, proxy: CompiledProxy, { body, facts }: ReadBody): Promise<void> {
    const { surface } = this;
    context.facts = facts;
    context.userTag = context.policies?.user ?? userTagOf(context.request.headers, body, facts);
    const translation = new RequestTranslation(surface, context.requestId, {
      body,
      path: surface.pathFields?.(facts) ?? {},
    });
    const candidates = this.#candidatesFor({ context, proxy, surface, facts, body });
    if (candidates.length === 0) {
      const answer = lastResortOf(surface, translation);
      if (!answer) throw modelNotFound(facts.model);
      answerLastResort(context, answer);
      return;
    }
    if (context.policies?.looksUp && (await this.#answerKnown(context, candidates, { facts, body, translation })))
      return;
    const admitting = admit({ context, proxy, surface, facts, body }, candidates, this.#services);
    const admission = admitting instanceof Promise ? await admitting : admitting;
    this.#dispatch(context, admission, { facts, body, translation });
  }

  /** Whether the answer was there already: it is metered as a request that used no tokens and takes nothing from limits. */
  async #answerKnown(
    context: RequestContext,
    candidates: readonly Candidate[],
    sent: { readonly facts: RequestFacts; readonly body: Buffer; readonly translation: RequestTranslation },
  ): Promise<boolean> {
    const { facts, body, translation } = sent;
    const { proxy, policies } = context;
    const startedAt = performance.now();
    const known = await policies?.lookUp();
    context.waitedMs += performance.now() - startedAt;
    if (!known || !proxy) return context.response.destroyed;
    const services = this.#services;
    const admission = admitFree({ context, proxy, surface: this.surface, facts, body }, candidates, services);
    const answer =
      known instanceof KnownStream
        ? { body: Buffer.from(translation.streamOf(known.events)), contentType: EVENT_STREAM }
        : known;
    answerKnown(context, answer, new Settlement(context, services, admission));
    return true;
  }

  #dispatch(
    context: RequestContext,
    admission: Admission,
    sent: { readonly facts: RequestFacts; readonly body: Buffer; readonly translation: RequestTranslation },
  ): void {
    const services = this.#services;
    const settlement = new Settlement(context, services, admission);
    const { facts, body, translation } = sent;
    const { outputBounds } = admission;
    const inquiry = { context, surface: this.surface, facts, body, translation, outputBounds };
    const targets = admission.candidates.map(({ target }) => target);
    const limits = context.hasProviderLimits
      ? new Map(admission.candidates.map((candidate) => [candidate.target, candidate.limits]))
      : null;
    const { onFault, random } = services;
    const order = { inquiry, targets, limits, settlement, gate: this.#gate, random, onFault };
    const dispatch = new RequestDispatch(order, services.active);
    dispatch.start();
    // It left while its limits were being reserved.
    if (context.response.destroyed) dispatch.onClientGone();
  }

  #maxBodyBytes(policies: PolicyRun | null): number {
    const { maxBodyBytes } = this.#services;
    return policies ? Math.min(maxBodyBytes, policies.maxBodyBytes) : maxBodyBytes;
  }

  /** The body as the policies leave it, and what it says. */
  async #readAndGovern(context: RequestContext, policies: PolicyRun | null): Promise<ReadBody> {
    const read = await this.#readBody(context);
    const body = this.surface.complete?.(read, context) ?? read;
    const facts = this.surface.scan(body, context);
    return policies ? policies.body(this.surface, facts, body) : { body, facts };
  }

  async #readBody(context: RequestContext): Promise<Buffer> {
    if (context.expectsContinue) context.response.writeContinue();
    const startedAt = performance.now();
    const body = await readBody(context.request, this.#maxBodyBytes(context.policies));
    context.waitedMs += performance.now() - startedAt;
    if (context.response.destroyed) throw new ClientGoneError('the client left');
    return body;
  }

  #candidatesFor(asked: AskedRequest): readonly Candidate[] {
    const { context, proxy, surface, facts } = asked;
    const { model } = facts;
    if (!mayUseModel(context.key, proxy, model)) throw modelNotFound(model);
    const named = context.request.headers['x-provider'];
    const provider = typeof named === 'string' && named !== '' ? named : undefined;
    const wish = { model, provider, random: this.#services.random };
    const { candidates, known, denied } = selectCandidates(asked, wish);
    if (candidates.length === 0 && denied) throw resourceNotFound();
    const answerable = known > 0 && surface.lastResort !== undefined;
    if (candidates.length === 0 && !answerable) throw modelNotFound(model);
    return candidates;
  }
}
