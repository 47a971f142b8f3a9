import {
  OpenAiToAnthropic,
  OpenAiToAzureOpenAi,
  OpenAiToBedrock,
  OpenAiToGemini,
  OpenAiToMistral,
} from '@penstock/contracts';
import { type RouteProvider, type RouteTarget, targetAt } from '@penstock/routing';
import type { Policy, RouteChoice } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';

export const openAiToAnthropic = policyFactory(OpenAiToAnthropic, (params) =>
  translation(OpenAiToAnthropic.name, params, params.anthropicVersion),
);
export const openAiToGemini = policyFactory(OpenAiToGemini, (params) =>
  translation(OpenAiToGemini.name, params, params.apiVersion),
);
export const openAiToAzureOpenAi = policyFactory(OpenAiToAzureOpenAi, (params) =>
  translation(OpenAiToAzureOpenAi.name, params, params.apiVersion),
);
export const openAiToMistral = policyFactory(OpenAiToMistral, (params) => translation(OpenAiToMistral.name, params));
export const openAiToBedrock = policyFactory(OpenAiToBedrock, (params) => translation(OpenAiToBedrock.name, params));

interface TranslationParams {
  readonly providerId?: string | undefined;
  readonly id?: string | undefined;
  readonly provider?: string | undefined;
  readonly upstreamName?: string | undefined;
  readonly model?: string | undefined;
}

/**
 * Sends to its provider under the model's name there. Writing the request in the vendor's dialect is no step of its own: the
 * gateway does that for every provider.
 */
function translation(name: string, params: TranslationParams, apiVersion?: string): Policy {
  const { upstreamName, model } = params;
  const owner = params.providerId ?? params.id ?? params.provider;
  const find = targetFinder(model, apiVersion);
  return {
    name,
    onRoute({ metadata }, choice) {
      const selected = metadata.get(SELECTED_PROVIDER) ?? '';
      if (selected !== '' && selected.toLowerCase() !== owner?.toLowerCase()) return;
      const alias = upstreamName ?? owner;
      const provider = alias === undefined ? choice.routes.providers[0] : choice.routes.providersByAlias.get(alias);
      if (provider) choice.targets = redirected(choice, provider, { find, keepsOthers: selected !== '' || !alias });
    },
  };
}

/** The provider's own targets under the policy's model; the others stand by where the provider was chosen among several. */
function redirected(
  { targets, model }: RouteChoice,
  provider: RouteProvider,
  { find, keepsOthers }: { readonly find: ReturnType<typeof targetFinder>; readonly keepsOthers: boolean },
): readonly RouteTarget[] {
  const isOwn = ({ alias }: RouteTarget): boolean => alias === provider.alias;
  const own = targets.filter(isOwn);
  if (keepsOthers && own.length === 0 && targets.length > 0) return targets;
  const found = find(provider, own, model);
  return keepsOthers ? [...found, ...targets.filter((target) => !isOwn(target))] : found;
}

/** Finds the targets at a provider: of the policy's model, or of what was asked for. Each is made once. */
function targetFinder(model: string | undefined, apiVersion: string | undefined) {
  const remembered = new WeakMap<object, readonly RouteTarget[]>();
  const versioned = (target: RouteTarget): RouteTarget =>
    apiVersion === undefined ? target : { ...target, apiVersion };
  return (provider: RouteProvider, own: readonly RouteTarget[], asked: string): readonly RouteTarget[] => {
    if (model === undefined) {
      const usual = own.length > 0 ? own : [targetAt(provider, asked)].flatMap((target) => target ?? []);
      return usual.map(versioned);
    }
    const known = remembered.get(provider) ?? [versioned(modelAt(provider, model))];
    remembered.set(provider, known);
    return known;
  };
}

/** A model of the provider by its id, or by its name upstream; what the provider does not list is sent as it is. */
function modelAt(provider: RouteProvider, model: string): RouteTarget {
  const listed = [...(provider.models?.values() ?? [])].find(({ upstreamModel }) => upstreamModel === model);
  const { providerId, alias } = provider;
  return targetAt(provider, model) ?? listed ?? { providerId, alias, modelId: model, upstreamModel: model };
}
