import { type RouteTarget, targetAt } from '@penstock/routing';
import type { RouteChoice } from './policy.ts';
import { usualTargets } from './selected-provider.ts';

/** A model among which a policy chooses. */
export interface RouteMember {
  readonly model: string;
  /** What the proxy calls its provider; the proxy's own rules find it where it is left out. */
  readonly provider?: string | undefined;
}

/** The targets of a member; none when the proxy has none. */
export function memberTargets(choice: RouteChoice, { model, provider }: RouteMember): readonly RouteTarget[] {
  if (provider === undefined) return usualTargets(choice, model);
  const known = choice.routes.providersByAlias.get(provider);
  const target = known && targetAt(known, model);
  return target ? [target] : [];
}

/** Tells a target from all others of its proxy. */
export function targetKey({ alias, modelId }: RouteTarget): string {
  return `${alias}/${modelId}`;
}
