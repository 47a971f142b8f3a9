import type { Operation } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';
import type { CompiledProxy } from '../config/compiled-config.ts';
import type { ActiveRequests } from '../dispatch/active-requests.ts';
import { answerLastResort, lastResortOf } from '../dispatch/last-resort.ts';
import { RequestDispatch } from '../dispatch/request-dispatch.ts';
import { RequestTranslation } from '../dispatch/request-translation.ts';
import { checkBodyHeaders, ClientGoneError, readBody } from '../http/read-body.ts';
import type { RequestContext } from '../http/request-context.ts';
import { type Admission, type AdmissionServices, admit } from '../pipeline/admit.ts';
import { authenticate, type Authentication } from '../pipeline/authenticate.ts';
import { authorizeProxy, mayUseModel, modelNotFound } from '../pipeline/authorize.ts';
import type { Candidate } from '../pipeline/candidate.ts';
import { selectCandidates } from '../pipeline/select-candidates.ts';
import { Settlement, type SettlementServices } from '../pipeline/settlement.ts';
import { answerPolicy } from '../policies/answer-policy.ts';
import { PolicyRun, type ReadBody } from '../policies/policy-run.ts';
import { userTagOf } from '../pipeline/user-tag.ts';
import type { Endpoint } from './endpoint.ts';
import type { Surface } from './surfaces/surface.ts';

export interface InferenceServices extends SettlementServices, AdmissionServices {
  readonly authentication: Authentication;
  readonly active: ActiveRequests;
  readonly maxBodyBytes: number;
  /** A request failed for a reason that is the gateway's own. */
  readonly onFault: (error: unknown) => void;
}

/** What a model computes from a JSON body, in whatever dialect the caller speaks. */
export class InferenceEndpoint implements Endpoint {
  readonly surface: Surface;
  readonly #services: InferenceServices;

  constructor(surface: Surface, services: InferenceServices) {
    this.surface = surface;
    this.#services = services;
  }

  get operation(): Operation {
    return this.surface.operation;
  }

  async handle(context: RequestContext): Promise<void> {
    const { request, proxy } = context;
    if (!proxy) throw new TypeError('an inference endpoint stands only under a proxy');
    const services = this.#services;
    const policies = this.#beginPolicies(context);
    const early = policies?.head();
    if (early) {
      answerPolicy(context, early);
      return;
    }
    if (!proxy.open) {
      context.key = authenticate(request.headers, context.config, services.authentication);
      authorizeProxy(context.key, proxy, request.socket.remoteAddress ?? '');
    }
    checkBodyHeaders(request, services.maxBodyBytes);
    const { surface } = this;
    const read = await this.#readAndGovern(context, policies);
    if (read.answer) {
      answerPolicy(context, read.answer);
      return;
    }
    const { body, facts } = read;
    context.facts = facts;
    context.userTag = userTagOf(request.headers, body, facts);
    const translation = new RequestTranslation(surface, context.requestId, {
      body,
      path: surface.pathFields?.(facts) ?? {},
    });
    const candidates = this.#candidatesFor(context, proxy, facts);
    if (candidates.length === 0) {
      const answer = lastResortOf(surface, translation);
      if (!answer) throw modelNotFound(facts.model);
      answerLastResort(context, answer);
      return;
    }
    const admitting = admit({ context, proxy, surface, facts, body }, candidates, services);
    const admission = admitting instanceof Promise ? await admitting : admitting;
    this.#dispatch(context, admission, { facts, body, translation });
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
    const dispatch = new RequestDispatch({ inquiry, targets, settlement, onFault: services.onFault }, services.active);
    dispatch.start();
    // It left while its limits were being reserved.
    if (context.response.destroyed) dispatch.onClientGone();
  }

  #beginPolicies(context: RequestContext): PolicyRun | null {
    const chain = context.route?.policies ?? null;
    context.policies = chain && new PolicyRun(chain, context);
    return context.policies;
  }

  /** The body as the policies leave it, and what it says. */
  async #readAndGovern(context: RequestContext, policies: PolicyRun | null): Promise<ReadBody> {
    const body = await this.#readBody(context);
    const facts = this.surface.scan(body, context);
    return policies ? policies.body(this.surface, facts, body) : { body, facts };
  }

  async #readBody(context: RequestContext): Promise<Buffer> {
    if (context.expectsContinue) context.response.writeContinue();
    const startedAt = performance.now();
    const body = await readBody(context.request, this.#services.maxBodyBytes);
    context.waitedMs += performance.now() - startedAt;
    if (context.response.destroyed) throw new ClientGoneError('the client left');
    return body;
  }

  #candidatesFor(context: RequestContext, proxy: CompiledProxy, facts: RequestFacts): readonly Candidate[] {
    const { model } = facts;
    if (!mayUseModel(context.key, proxy, model)) throw modelNotFound(model);
    const named = context.request.headers['x-provider'];
    const provider = typeof named === 'string' && named !== '' ? named : undefined;
    const { surface } = this;
    const wish = { model, provider, random: this.#services.random };
    const { candidates, known } = selectCandidates({ context, proxy, surface, facts }, wish);
    const answerable = known > 0 && surface.lastResort !== undefined;
    if (candidates.length === 0 && !answerable) throw modelNotFound(model);
    return candidates;
  }
}
