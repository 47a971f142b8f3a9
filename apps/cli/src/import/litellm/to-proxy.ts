import type { Conversion, ConvertedManifest } from './conversion.ts';
import type { Account, Deployment } from './deployments.ts';
import type { LitellmConfig, LitellmDeployment } from './litellm-config.ts';

interface Target {
  readonly provider: string;
  readonly model: string;
  readonly weight: number;
  readonly priority: number;
}

const MAX_TARGETS = 50;
const MAX_PRIORITY = 100;
const MAX_WEIGHT = 1_000;

/** The proxy that answers as the LiteLLM proxy did: its model groups, aliases and fallbacks. Undefined without a deployment. */
export function toProxy(
  deployments: readonly Deployment[],
  config: LitellmConfig,
  conversion: Conversion,
): ConvertedManifest | undefined {
  const accounts = [...new Set(deployments.map(({ account }) => account))];
  const [primary, ...others] = accounts;
  if (!primary) return undefined;
  const { proxy, context } = conversion.options;
  return {
    kind: 'LlmProxy',
    metadata: { name: proxy },
    spec: {
      displayName: proxy,
      context,
      provider: { id: primary.name },
      ...(others.length > 0 && { additionalProviders: others.map(({ name }: Account) => ({ id: name })) }),
      models: modelsOf(deployments, config, conversion),
    },
  };
}

function modelsOf(deployments: readonly Deployment[], config: LitellmConfig, conversion: Conversion) {
  const groups = new Map<string, readonly Target[]>();
  for (const [group, ofGroup] of Map.groupBy(deployments, (deployment) => deployment.group)) {
    const targets = targetsOf(ofGroup);
    if (targets.length > 0) groups.set(group, targets);
    if (targets.length < ofGroup.length) {
      conversion.warn(
        `model '${group}': a wildcard becomes a provider that takes any model: ask for 'provider/model'.`,
      );
    }
  }
  const models = new Map(
    [...groups].map(([group, targets]) => [group, withFallbacks(group, targets, { groups, config, conversion })]),
  );
  const aliases = { ...config.litellm_settings?.model_group_alias, ...config.router_settings?.model_group_alias };
  for (const [alias, group] of Object.entries(aliases)) {
    const targets = models.get(group);
    if (targets && !models.has(alias)) models.set(alias, targets);
    else
      conversion.warn(
        `alias '${alias}' of '${group}' is not converted: ${targets ? 'a model has its name' : 'there is no such model'}.`,
      );
  }
  return [...models].map(([name, targets]) => ({ name, targets: targets.slice(0, MAX_TARGETS) }));
}

/** `order` is the priority, and who has none comes last; what LiteLLM's shuffle weighs by is the weight among those of one order. */
function targetsOf(deployments: readonly Deployment[]): readonly Target[] {
  const byOrder = Map.groupBy(deployments, ({ source }) => source.litellm_params.order ?? Infinity);
  const orders = [...byOrder.keys()].sort((left, right) => (left < right ? -1 : 1));
  const targets = new Map<string, Target>();
  for (const [priority, order] of orders.entries()) {
    const alike = byOrder.get(order) ?? [];
    const weights = weightsOf(alike.map(({ source }) => source));
    for (const [index, { account, model }] of alike.entries()) {
      const id = JSON.stringify([account.name, model]);
      if (model === undefined || targets.has(id)) continue;
      targets.set(id, { provider: account.name, model, weight: weights[index] ?? 1, priority });
    }
  }
  return [...targets.values()];
}

/** By `weight`, else by `rpm`, else by `tpm`, whichever any of them says; who says nothing then gets nothing, as in LiteLLM. */
function weightsOf(sources: readonly LitellmDeployment[]): readonly number[] {
  if (sources.length === 1) return [1];
  for (const measure of ['weight', 'rpm', 'tpm'] as const) {
    const amounts = sources.map(({ litellm_params: params }) => params[measure] ?? 0);
    const smallest = Math.min(...amounts.filter((amount) => amount > 0));
    if (!Number.isFinite(smallest)) continue;
    const factor = Math.min(10, MAX_WEIGHT / (Math.max(...amounts) / smallest));
    return amounts.map((amount) => (amount > 0 ? Math.max(1, Math.round((amount / smallest) * factor)) : 0));
  }
  return sources.map(() => 1);
}

interface FallbackContext {
  readonly groups: ReadonlyMap<string, readonly Target[]>;
  readonly config: LitellmConfig;
  readonly conversion: Conversion;
}

/** The targets of a group, and after them those of each group that it falls back to. */
function withFallbacks(
  group: string,
  own: readonly Target[],
  { groups, config, conversion }: FallbackContext,
): Target[] {
  const targets = [...own];
  for (const fallback of fallbacksOf(group, config)) {
    const following = groups.get(fallback);
    if (!following) {
      conversion.warn(`model '${group}': its fallback '${fallback}' is no model of the config; it is left out.`);
      continue;
    }
    const first = Math.max(...targets.map(({ priority }) => priority)) + 1;
    for (const target of following) {
      const isThere = targets.some(({ provider, model }) => provider === target.provider && model === target.model);
      if (!isThere) targets.push({ ...target, priority: Math.min(first + target.priority, MAX_PRIORITY) });
    }
  }
  if (targets.length > MAX_TARGETS)
    conversion.warn(`model '${group}': has more than ${MAX_TARGETS} targets; the last are left out.`);
  return targets;
}

function fallbacksOf(group: string, { router_settings: router, litellm_settings: general }: LitellmConfig): string[] {
  const listed = [...(router?.fallbacks ?? []), ...(general?.fallbacks ?? [])].flatMap((entry) => entry[group] ?? []);
  const always = [...(router?.default_fallbacks ?? []), ...(general?.default_fallbacks ?? [])];
  return [...new Set([...listed, ...always])].filter((name) => name !== group);
}
