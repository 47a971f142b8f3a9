import { GatewayError } from '@penstock/contracts';
import type { CompiledKey, CompiledProxy } from '../config/compiled-config.ts';
import type { RequestContext } from '../http/request-context.ts';
import { PolicyRefusal } from '../policies/policy-refusal.ts';
import { authenticate, authenticateCredential, type Authentication } from './authenticate.ts';
import { authorizeProxy } from './authorize.ts';

/** What a policy that asks for a key answers in its own words: that there is none for this proxy. */
const WITHOUT_KEY: ReadonlySet<string> = new Set(['invalid_api_key', 'proxy_not_allowed']);

/** Finds the key of a request, which may use the proxy. A policy may say where it stands. Throws GatewayError. */
export function identifyCaller(context: RequestContext, proxy: CompiledProxy, services: Authentication): CompiledKey {
  const { request, config } = context;
  const address = request.socket.remoteAddress ?? '';
  const shown = context.policies?.credential ?? null;
  if (shown === null) {
    const key = authenticate(request.headers, config, services, context.policies?.notKeys);
    context.key = key;
    authorizeProxy(key, proxy, address);
    return key;
  }
  try {
    const key = authenticateCredential(shown.value, config, services);
    authorizeProxy(key, proxy, address);
    context.key = key;
    tellPolicies(context, key);
    return key;
  } catch (error) {
    if (error instanceof GatewayError && WITHOUT_KEY.has(error.code)) throw new PolicyRefusal(error, shown.refusal);
    throw error;
  }
}

/** Documents know the holder of a key as an application; conditions and limits of policies read who it is. */
function tellPolicies({ policies }: RequestContext, { id, name }: CompiledKey): void {
  policies?.metadata.set('x-wso2-application-id', id).set('x-wso2-application-name', name);
}

/** Whether a request has to show a key: also at an open proxy where a policy asks for one. */
export function needsKey(context: RequestContext, proxy: CompiledProxy): boolean {
  return !proxy.open || (context.policies?.credential ?? null) !== null;
}
