import type { Dialect } from '@penstock/contracts';
import { GatewayError } from '@penstock/contracts';
import { chooseDialect } from '@penstock/providers';
import type { RouteTarget } from '@penstock/routing';
import type { CompiledKey, CompiledProvider, HopCredential } from '../config/compiled-config.ts';
import type { Inquiry } from '../dispatch/attempt-plan.ts';
import { MESSAGES_SURFACE } from '../endpoints/surfaces/anthropic-surfaces.ts';
import { GENERATE_CONTENT_SURFACE } from '../endpoints/surfaces/generate-content-surface.ts';
import { CHAT_SURFACE } from '../endpoints/surfaces/openai-surfaces.ts';
import { RESPONSES_SURFACE } from '../endpoints/surfaces/responses-surface.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { PolicyAnswer } from '../policies/policy.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';
import { PolicyRefusal } from '../policies/policy-refusal.ts';
import { PolicyRun } from '../policies/policy-run.ts';
import { authenticateCredential, type Authentication } from './authenticate.ts';
import { mayCall } from './authorize.ts';
import { contextAtProvider } from './context-at-provider.ts';
import { placeAt } from './provider-place.ts';

/** A proxy that does not get past the policies of a provider of its own: its document has to be changed. */
export interface RefusedHop {
  readonly proxy: string;
  readonly provider: string;
  readonly reason: string;
}

export interface ProviderGateServices {
  readonly authentication: Authentication;
  readonly onRefusedHop: (hop: RefusedHop) => void;
}

/** What is on its way to a provider. */
interface Passing {
  readonly provider: CompiledProvider;
  readonly target: RouteTarget;
  readonly body: Buffer;
}

/** By dialects that callers may speak as well. */
const SURFACES: Partial<Readonly<Record<Dialect, Surface>>> = {
  'openai-chat': CHAT_SURFACE,
  'openai-responses': RESPONSES_SURFACE,
  anthropic: MESSAGES_SURFACE,
  gemini: GENERATE_CONTENT_SURFACE,
};

/** Lets requests that come by a proxy through the policies of the provider that they go to. */
export class ProviderGate {
  readonly #services: ProviderGateServices;

  constructor(services: ProviderGateServices) {
    this.#services = services;
  }

  /** The policies of the provider, before they have seen anything. */
  begin(
    inquiry: Inquiry,
    target: RouteTarget,
    { provider, chain }: { readonly provider: CompiledProvider; readonly chain: PolicyChain },
  ): PolicyRun {
    const { surface, facts, context } = inquiry;
    const { adapter, profiles } = provider;
    const profile = profiles.of(target.modelId, target.upstreamModel);
    const dialect = chooseDialect(surface, facts, { adapter, profile }) ?? surface.dialect;
    const path = placeAt(inquiry, target, provider)?.path ?? '';
    const own = dialect === surface.dialect ? surface : SURFACES[dialect];
    return new PolicyRun(
      chain,
      contextAtProvider(context, { provider, path, dialect, surface: own, hop: hopTo(target, context) }),
    );
  }

  /** The body as it may be sent. Rejects with GatewayError when a policy refuses the request, or the proxy shows no key that it has to. */
  async pass(run: PolicyRun, { context, facts }: Inquiry, { provider, target, body }: Passing): Promise<Buffer> {
    run.context.request.headers['content-length'] = String(body.length);
    const early = await run.head();
    if (early) throw refused(early);
    // Whoever called the provider itself has shown a key of it.
    if (run.credential && !context.proxy?.direct) this.#checkHop(run, { provider, target }, run.credential);
    if (body.length > run.maxBodyBytes) {
      throw new GatewayError('payload_too_large', `The body is larger than ${run.maxBodyBytes} bytes.`);
    }
    const startedAt = performance.now();
    const { answer, body: left } = await run.upstreamBody(facts, body);
    context.waitedMs += performance.now() - startedAt;
    if (answer) throw refused(answer);
    return left;
  }

  #checkHop(
    { context }: PolicyRun,
    { provider, target }: Pick<Passing, 'provider' | 'target'>,
    { value, header, refusal }: NonNullable<PolicyRun['credential']>,
  ): void {
    const asked = Object.getPrototypeOf(context) as typeof context;
    // Callers cannot make up for what the proxy does not show: what they send in the same place does not count.
    const isShown = header !== undefined && hopTo(target, asked)?.header === header;
    const reason = this.#whyNot(context, provider, isShown ? value : '');
    if (reason === null) return;
    this.#services.onRefusedHop({ proxy: asked.proxy?.name ?? '', provider: provider.name, reason });
    throw new PolicyRefusal(new GatewayError('invalid_api_key', 'Valid API key required'), refusal);
  }

  #whyNot({ config, proxy }: PolicyRun['context'], provider: CompiledProvider, credential: string): string | null {
    if (credential === '') return 'the proxy shows no key where the provider wants one';
    let key: CompiledKey;
    try {
      key = authenticateCredential(credential, config, this.#services.authentication);
    } catch {
      return 'what the proxy shows to the provider is no key, or one that has expired';
    }
    if (key.organizationId !== proxy?.organizationId || !mayCall(key, provider)) {
      return 'the key that the proxy shows is not one of this provider';
    }
    return key.teamSuspended ? 'the team of the key that the proxy shows is suspended' : null;
  }
}

/** What the proxy shows where it sends a target's requests. */
const hopTo = ({ alias }: RouteTarget, { proxy }: RequestContext): HopCredential | undefined => proxy?.hops?.get(alias);

function refused(answer: PolicyAnswer): PolicyRefusal {
  const { status } = answer;
  return new PolicyRefusal(
    new GatewayError('policy_refused', 'A policy of the provider refused the request.', { status }),
    answer,
  );
}
