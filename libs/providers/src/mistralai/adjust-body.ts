import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject, Warnings } from '@penstock/dialects';
import { chatBodyFitter } from '../chat-body/chat-body-fitter.ts';
import { isNeutral } from '../chat-body/chat-fields.ts';
import { restrictionReader } from '../chat-body/chat-restrictions.ts';
import type { BodyCall } from '../provider-adapter.ts';
import { adjustMessages } from './adjust-messages.ts';
import { adjustTools } from './adjust-tools.ts';
import { allowedFields, NEVER_DROPPED, RENAMED_FIELDS, SILENTLY_DROPPED } from './request-fields.ts';

type Draft = Record<string, Json | undefined>;

const fitter = chatBodyFitter(restrictionReader('all'));

/** The body with nothing in it that Mistral does not know, which it would refuse as a whole (research/translation.md §6.5). */
export function adjustMistralBody(body: JsonObject, call: BodyCall, warnings: Warnings): JsonObject {
  const draft = renamed(fitter.adjustBody(body, call, warnings));
  dropUnknown(draft, call, warnings);
  if (call.operation !== 'chat') return draft;
  adjustTools(draft);
  adjustReasoning(draft, call);
  adjustServiceTier(draft, warnings);
  if (Array.isArray(draft['messages']))
    draft['messages'] = adjustMessages(draft['messages'] as readonly Json[], call.profile);
  return draft;
}

function renamed(body: JsonObject): Draft {
  const draft: Draft = { ...body };
  for (const [theirs, ours] of RENAMED_FIELDS) {
    const value = draft[theirs];
    delete draft[theirs];
    if (value !== undefined && value !== null) draft[ours] = value;
  }
  // Mistral's seeds are not negative. Which seed it is means nothing, only that it is the same one.
  const { random_seed: seed } = draft;
  if (typeof seed === 'number' && seed < 0) draft['random_seed'] = -seed;
  return draft;
}

function dropUnknown(draft: Draft, { operation }: BodyCall, warnings: Warnings): void {
  const allowed = allowedFields(operation);
  for (const [name, value] of Object.entries(draft)) {
    if (allowed.has(name) && value !== null) continue;
    delete draft[name];
    if (allowed.has(name) || SILENTLY_DROPPED.has(name) || isNeutral(name, value)) continue;
    if (NEVER_DROPPED.has(name)) {
      throw new GatewayError('unsupported_parameter', `The model does not support '${name}'.`, { param: name });
    }
    warnings.add('dropped', name);
  }
}

/** Models that think when they are told to in one way only (`adaptive`) are told so by the mode of the prompt. */
function adjustReasoning(draft: Draft, { profile }: BodyCall): void {
  const { reasoning_effort: effort } = draft;
  if (effort === undefined || profile.thinking !== 'adaptive') return;
  delete draft['reasoning_effort'];
  if (effort !== 'none') draft['prompt_mode'] = 'reasoning';
}

const SERVICE_TIERS: ReadonlyMap<Json | undefined, string> = new Map([
  ['auto', 'auto'],
  ['default', 'standard_only'],
  ['standard_only', 'standard_only'],
]);

function adjustServiceTier(draft: Draft, warnings: Warnings): void {
  const { service_tier: tier } = draft;
  if (tier === undefined) return;
  delete draft['service_tier'];
  const known = SERVICE_TIERS.get(tier);
  if (known === undefined) warnings.add('dropped', 'service_tier');
  else draft['service_tier'] = known;
}
