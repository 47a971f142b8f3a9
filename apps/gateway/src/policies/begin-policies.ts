import type { RequestContext } from '../http/request-context.ts';
import { PolicyRun } from './policy-run.ts';

/** Starts the policies of a request's operation; null: it has none. */
export function beginPolicies(context: RequestContext): PolicyRun | null {
  const chain = context.route?.policies?.at(context.parameter) ?? null;
  context.policies = chain && new PolicyRun(chain, context);
  return context.policies;
}
