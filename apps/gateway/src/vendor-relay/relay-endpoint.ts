import type { CompiledProvider, CompiledProxy } from '../config/compiled-config.ts';
import { limitSet } from '../config/limit-set.ts';
import type { ProviderPlace } from '../config/provider-rules.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { InferenceServices } from '../endpoints/inference-endpoint.ts';
import { ClientGoneError } from '../http/read-body.ts';
import type { RequestContext } from '../http/request-context.ts';
import { routeWith } from '../http/route-table.ts';
import { identifyCaller } from '../pipeline/identify-caller.ts';
import { Settlement } from '../pipeline/settlement.ts';
import { answerPolicy } from '../policies/answer-policy.ts';
import { beginPolicies } from '../policies/begin-policies.ts';
import { PREFLIGHT } from '../policies/governed-endpoints.ts';
import { RESOURCE_NOT_FOUND } from '../policies/resource-not-found.ts';
import { bodyTooLarge } from './bounded-body.ts';
import { NO_FACTS, reserveRelay } from './reserve-relay.ts';
import { RelayDispatch } from './relay-dispatch.ts';
import { type RelayPath, relayPath } from './relay-path.ts';
import { refuseUnmetered } from './refuse-unmetered.ts';

const EVERYTHING: Omit<ProviderPlace, 'path'> = { allowed: true, policies: null };
const NO_BODY = Buffer.from('{}');

/** What a vendor serves beside the operations that the gateway knows: it is passed on as it is, and so is the answer. */
export class RelayEndpoint implements Endpoint {
  readonly operation = 'relay';
  readonly #services: InferenceServices;

  constructor(services: InferenceServices) {
    this.#services = services;
  }

  async handle(context: RequestContext): Promise<void> {
    const { proxy, request } = context;
    const provider = proxy?.direct;
    if (!proxy || !provider) throw new TypeError('only providers are relayed to');
    const place = relayPath(request.url ?? '', proxy.context === '/' ? '' : proxy.context, provider.baseUrl);
    if (answeredPreflight(context, provider, place)) return;
    const { allowed, policies } = ruleOf(provider, request.method ?? '', place);
    if (!allowed) {
      answerPolicy(context, RESOURCE_NOT_FOUND);
      return;
    }
    if (context.route && policies) context.route = routeWith(context.route, { policies });
    if (await answeredAtHead(context)) return;
    identifyCaller(context, proxy, this.#services.authentication);
    await this.#send(context, { proxy, provider, place, maxBytes: this.#maxBytes(context) });
  }

  /** Throws GatewayError where the request says that its body is larger. */
  #maxBytes({ request, policies }: RequestContext): number {
    const maxBytes = Math.min(this.#services.maxBodyBytes, policies?.maxBodyBytes ?? Infinity);
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw bodyTooLarge(maxBytes);
    return maxBytes;
  }

  async #send(
    context: RequestContext,
    asked: {
      readonly proxy: CompiledProxy;
      readonly provider: CompiledProvider;
      readonly place: RelayPath;
      readonly maxBytes: number;
    },
  ): Promise<void> {
    const { proxy, provider, place, maxBytes } = asked;
    const { policies } = context;
    const services = this.#services;
    policies?.see(NO_FACTS, NO_BODY);
    const usual = context.config.limitPlans.of(context.key, proxy);
    const access = policies?.limits(usual) ?? usual;
    const { limits } = limitSet(access.limits, provider.limits.limits);
    refuseUnmetered(context, provider, limits);
    const admission = await reserveRelay(context, { provider, limits }, services);
    const settlement = new Settlement(context, services, admission);
    const { random, onFault } = services;
    const dispatch = new RelayDispatch(
      { context, provider, place, maxBytes, settlement, random, onFault },
      services.active,
    );
    dispatch.start();
    // It left while its limits were being reserved.
    if (context.response.destroyed) dispatch.onClientGone();
  }
}

function ruleOf({ rules }: CompiledProvider, method: string, { path }: RelayPath): Omit<ProviderPlace, 'path'> {
  return rules?.ofRelay(method, path) ?? EVERYTHING;
}

/** Starts the policies; whether one of them has answered already. */
async function answeredAtHead(context: RequestContext): Promise<boolean> {
  const early = await beginPolicies(context)?.head();
  if (context.response.destroyed) throw new ClientGoneError('the client left');
  if (early) answerPolicy(context, early);
  return early !== undefined;
}

/** A browser asks whether it may send what it names: nothing of that goes to the vendor. */
function answeredPreflight(context: RequestContext, provider: CompiledProvider, place: RelayPath): boolean {
  const method = context.request.headers['access-control-request-method'];
  if (context.request.method !== 'OPTIONS' || method === undefined) return false;
  const { allowed, policies } = ruleOf(provider, method, place);
  if (!allowed || !policies || policies.preflight.length === 0 || !context.route) return false;
  context.route = routeWith(context.route, { policies });
  void PREFLIGHT.handle(context);
  return true;
}
