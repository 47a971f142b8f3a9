import { GatewayError, type ModelProfile, type ReasoningEffort } from '@penstock/contracts';
import type { Json, JsonObject, Warnings } from '@penstock/dialects';
import { isNeutral } from './chat-fields.ts';
import type { ChatRestrictions } from './chat-restrictions.ts';
import { numberOf } from './number-of.ts';

type Draft = Record<string, Json | undefined>;

interface Fitting {
  readonly profile: ModelProfile;
  readonly restrictions: ChatRestrictions;
  readonly warnings: Warnings;
}

/** The body with its parameters as the profile has them. Throws `unsupported_parameter` for what cannot be left out. */
export function fitChatBody(body: JsonObject, { profile, restrictions, warnings }: Fitting): JsonObject {
  const draft: Draft = { ...body };
  restrictFields(draft, restrictions, warnings);
  if (restrictions.renameMaxTokens) renameMaxTokens(draft);
  bound(draft, profile, warnings);
  if (restrictions.efforts) fitEffort(draft, restrictions.efforts, warnings);
  return draft;
}

function restrictFields(draft: Draft, { fields }: ChatRestrictions, warnings: Warnings): void {
  for (const [name, value] of Object.entries(draft)) {
    const rule = fields.get(name);
    if (rule === undefined) continue;
    if (!isNeutral(name, value)) {
      if (rule === 'refuse') refuse(name);
      warnings.add('dropped', name);
    }
    delete draft[name];
  }
}

function refuse(param: string): never {
  throw new GatewayError('unsupported_parameter', `The model does not support '${param}'.`, { param });
}

/** The newer name wins where both are given. */
function renameMaxTokens(draft: Draft): void {
  const { max_tokens: bound } = draft;
  if (bound === undefined) return;
  delete draft['max_tokens'];
  draft['max_completion_tokens'] ??= bound;
}

function bound(draft: Draft, profile: ModelProfile, warnings: Warnings): void {
  clamp(draft, 'max_tokens', profile.maxOutputTokens, warnings);
  clamp(draft, 'max_completion_tokens', profile.maxOutputTokens, warnings);
  clamp(draft, 'temperature', profile.maxTemperature, warnings);
  if (profile.temperatureWithTopP || isAbsent(draft['temperature']) || isAbsent(draft['top_p'])) return;
  if (!isNeutral('top_p', draft['top_p'])) warnings.add('dropped', 'top_p');
  delete draft['top_p'];
}

const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null;

function clamp(draft: Draft, name: string, max: number | null, warnings: Warnings): void {
  const value = numberOf(draft[name]);
  if (max === null || value === undefined || value <= max) return;
  warnings.add('clamped', name);
  draft[name] = max;
}

const SCALE: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The nearest effort that the model knows, the lower one of two; words that are no effort at all are the vendor's to refuse. */
function fitEffort(draft: Draft, efforts: readonly ReasoningEffort[], warnings: Warnings): void {
  const { reasoning_effort: asked } = draft;
  const wanted = SCALE.findIndex((effort) => effort === asked);
  if (wanted < 0 || efforts.some((effort) => effort === asked)) return;
  const distance = (effort: ReasoningEffort): number => Math.abs(SCALE.indexOf(effort) - wanted);
  const [nearest] = SCALE.filter((effort) => efforts.includes(effort)).toSorted((a, b) => distance(a) - distance(b));
  if (nearest === undefined) return;
  warnings.add('converted', 'reasoning_effort');
  draft['reasoning_effort'] = nearest;
}
