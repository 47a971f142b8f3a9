import type { RouteTarget } from '@penstock/routing';
import type { CompiledProvider } from '../config/compiled-config.ts';
import { policiesAt } from '../pipeline/provider-place.ts';
import type { ProviderGate } from '../pipeline/provider-gate.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';
import { resourceNotFound } from '../policies/resource-not-found.ts';
import { type AttemptPlan, completeAttempt, draftAttempt, type Inquiry } from './attempt-plan.ts';
import { ServerChoice } from './server-choice.ts';

/** Plans the attempts of one request: chooses servers, and lets it through the policies of the provider it goes to. */
export class AttemptPlanner {
  readonly servers: ServerChoice;
  readonly #gate: ProviderGate;
  #refused = false;

  constructor(gate: ProviderGate, random: () => number) {
    this.#gate = gate;
    this.servers = new ServerChoice(random);
  }

  /** The last attempt was not made since the provider's own policies refused it. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Throws or rejects with GatewayError when the target cannot be asked this. A promise only where the provider has policies. */
  plan(inquiry: Inquiry, target: RouteTarget, provider: CompiledProvider): AttemptPlan | Promise<AttemptPlan> {
    this.#refused = false;
    inquiry.context.providerPolicies = null;
    this.servers.choose(provider, performance.now());
    const asked = { provider, baseUrl: this.servers.current?.baseUrl ?? provider.baseUrl };
    if (provider.rules === null) {
      const draft = draftAttempt(inquiry, target, asked);
      return completeAttempt(draft, draft.body);
    }
    const chain = policiesAt(inquiry, target, provider);
    if (chain) return this.#planGoverned(inquiry, target, { ...asked, chain });
    const draft = draftAttempt(inquiry, target, asked);
    return allowed(completeAttempt(draft, draft.body), provider);
  }

  async #planGoverned(
    inquiry: Inquiry,
    target: RouteTarget,
    asked: { readonly provider: CompiledProvider; readonly baseUrl: string; readonly chain: PolicyChain },
  ): Promise<AttemptPlan> {
    const { context } = inquiry;
    const run = this.#gate.begin(inquiry, target, asked);
    context.providerPolicies = run;
    const draft = draftAttempt(inquiry, target, asked);
    let body: Buffer;
    try {
      body = await this.#gate.pass(run, inquiry, { provider: asked.provider, target, body: draft.body });
    } catch (error) {
      this.#refused = true;
      throw error;
    }
    return allowed(completeAttempt(draft, body), asked.provider);
  }
}

/** What is sent is looked at once more: access control must not depend on how its path was foreseen. */
function allowed(plan: AttemptPlan, { rules }: CompiledProvider): AttemptPlan {
  if (rules?.ofRequest(plan.request.method, plan.request.path).allowed === false) throw resourceNotFound();
  return plan;
}
