import { type RouteTarget, selectTargets } from '@penstock/routing';
import type { RouteChoice } from './policy.ts';

/** Where policies tell each other which provider was chosen; documents read it in conditions. */
export const SELECTED_PROVIDER = 'selected_provider';

/** The targets for the model at one provider, by what the proxy calls it. */
export function targetsAt({ routes, model, random }: RouteChoice, provider: string): readonly RouteTarget[] {
  return selectTargets(routes, model, { provider, random });
}

/** The targets for a model by the proxy's own rules, whatever the caller's `x-provider` says. */
export function usualTargets({ routes, random }: RouteChoice, model: string): readonly RouteTarget[] {
  return selectTargets(routes, model, { random });
}
