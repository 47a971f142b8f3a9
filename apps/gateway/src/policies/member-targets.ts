import { type RouteTarget, selectTargets, targetAt } from '@penstock/routing';
import type { PolicyCall, RouteChoice } from './policy.ts';
import { SELECTED_PROVIDER } from './selected-provider.ts';

/** A model among which a policy chooses. */
export interface RouteMember {
  readonly model: string;
  /** What the proxy calls its provider; where it is left out an earlier policy's choice holds, or else the proxy's own rules. */
  readonly provider?: string | undefined;
}

/** The targets of a member; none when the proxy has none. */
export function memberTargets(
  { metadata }: Pick<PolicyCall, 'metadata'>,
  choice: RouteChoice,
  { model, provider }: RouteMember,
): readonly RouteTarget[] {
  if (provider === undefined) {
    return selectTargets(choice.routes, model, { provider: metadata.get(SELECTED_PROVIDER), random: choice.random });
  }
  const known = choice.routes.providersByAlias.get(provider);
  const target = known && targetAt(known, model);
  return target ? [target] : [];
}

/** Tells a target from all others of its proxy. */
export function targetKey({ alias, modelId }: RouteTarget): string {
  return `${alias}/${modelId}`;
}
