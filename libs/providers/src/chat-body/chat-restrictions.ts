import type { ModelProfile, ReasoningEffort, TunableParameter } from '@penstock/contracts';
import { defaultProfile } from '@penstock/dialects';
import { CHAT_FIELDS, type Restriction } from './chat-fields.ts';

/** What a model's profile restricts, by the members of a Chat request. */
export interface ChatRestrictions {
  readonly fields: ReadonlyMap<string, Restriction>;
  readonly renameMaxTokens: boolean;
  /** Efforts that are accepted; null: any. */
  readonly efforts: readonly ReasoningEffort[] | null;
  /** Whether nothing at all is restricted, as at most models. */
  readonly none: boolean;
}

/** Works out what a profile restricts, once for each. */
export type RestrictionReader = (profile: ModelProfile) => ChatRestrictions;

const ALL_EFFORTS = 7;

/**
 * `beyond-defaults`: only what template, provider or model say. The defaults of the dialect are a caution for translated
 * requests; a caller who speaks the server's own dialect knows better what the server takes.
 */
export function restrictionReader(scope: 'all' | 'beyond-defaults'): RestrictionReader {
  const compiled = new WeakMap<ModelProfile, ChatRestrictions>();
  const defaults = scope === 'all' ? null : defaultProfile('openai-chat');
  return (profile) => {
    const known = compiled.get(profile);
    if (known) return known;
    const restrictions = compile(profile, defaults);
    compiled.set(profile, restrictions);
    return restrictions;
  };
}

function compile(profile: ModelProfile, defaults: ModelProfile | null): ChatRestrictions {
  const fields = new Map<string, Restriction>();
  for (const [parameter, names] of Object.entries(CHAT_FIELDS) as [TunableParameter, readonly string[]][]) {
    const rule = profile.parameters[parameter] ?? 'pass';
    if (rule === 'pass' || rule === defaults?.parameters[parameter]) continue;
    for (const name of names) fields.set(name, rule);
  }
  const renameMaxTokens = profile.maxTokensField === 'max_completion_tokens';
  const efforts = restrictedEfforts(profile, defaults);
  const bounded = profile.maxOutputTokens !== null || profile.maxTemperature < 2 || !profile.temperatureWithTopP;
  return { fields, renameMaxTokens, efforts, none: fields.size === 0 && !renameMaxTokens && !efforts && !bounded };
}

function restrictedEfforts({ thinking, efforts }: ModelProfile, defaults: ModelProfile | null) {
  const limited = thinking === 'effort' && efforts.length > 0 && efforts.length < ALL_EFFORTS;
  return limited && efforts.join() !== defaults?.efforts.join() ? efforts : null;
}
