import { GatewayError, LogMessage } from '@penstock/contracts';
import type { CompiledLimit, CompiledProvider } from '../config/compiled-config.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { PolicyStep } from '../policies/policy-chain.ts';

/** With these a vendor may be asked to compute something. */
const ASKING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
/** No list of models can name it: only keys for all models open it. */
const NO_MODEL = '\u0000';

/**
 * Refuses a request that could have a model compute something which a limit, the key or a policy could not see: none of them can read
 * what is relayed. Throws GatewayError: relay_not_allowed.
 */
export function refuseUnmetered(
  { request, key, route }: RequestContext,
  provider: CompiledProvider,
  limits: readonly CompiledLimit[],
): void {
  if (!ASKING.has(request.method ?? '')) return;
  const metered = limits.find(({ unit, enforced }) => enforced && unit !== 'requests' && unit !== 'concurrency');
  if (metered) throw refused(`a limit of ${metered.unit} (${metered.kind} '${metered.name}') applies`);
  const ofModel = [...provider.modelLimits.values()].some((set) => set.limits.some(isOfModel));
  if (ofModel) throw refused('models of this provider have limits of their own');
  if (key && !key.allowsModel(NO_MODEL)) throw refused('this API key is for some models only');
  const chain = route?.policies;
  const guard = chain && [...chain.body, ...chain.answer, ...chain.stream].find(reads);
  if (guard) throw refused(`the policy '${guard.policy.name}' cannot look at it`);
}

function isOfModel({ kind, enforced }: CompiledLimit): boolean {
  return enforced && kind === 'model';
}

/** What is only logged is not guarded by it. */
function reads({ policy }: PolicyStep): boolean {
  return policy.name !== LogMessage.name;
}

function refused(why: string): GatewayError {
  return new GatewayError('relay_not_allowed', `This request would be passed on unread, and ${why}.`);
}
