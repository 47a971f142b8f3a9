import type { ParameterRule, TunableParameter } from '@penstock/contracts';
import type { Json } from '@penstock/dialects';
import { numberOf } from './number-of.ts';

/** The members of a Chat request in which each parameter is given; marks of caches stand in the parts of messages instead. */
export const CHAT_FIELDS: Readonly<Record<TunableParameter, readonly string[]>> = {
  temperature: ['temperature'],
  topP: ['top_p'],
  topK: ['top_k'],
  minP: ['min_p'],
  stop: ['stop'],
  seed: ['seed'],
  choices: ['n'],
  frequencyPenalty: ['frequency_penalty'],
  presencePenalty: ['presence_penalty'],
  logitBias: ['logit_bias'],
  logprobs: ['logprobs', 'top_logprobs'],
  parallelToolCalls: ['parallel_tool_calls'],
  reasoning: ['reasoning_effort'],
  verbosity: ['verbosity'],
  serviceTier: ['service_tier'],
  metadata: ['metadata'],
  endUser: ['user', 'safety_identifier'],
  promptCacheKey: ['prompt_cache_key'],
  cacheMarks: [],
  prediction: ['prediction'],
  audioOutput: ['modalities', 'audio'],
  webSearch: ['web_search_options'],
  store: ['store'],
};

export type Restriction = Exclude<ParameterRule, 'pass'>;

/** Values that say what holds anyway: they go without a word. */
const NEUTRAL: ReadonlyMap<string, ReadonlySet<Json>> = new Map<string, ReadonlySet<Json>>([
  ['temperature', new Set([1])],
  ['top_p', new Set([1])],
  ['n', new Set([1])],
  ['frequency_penalty', new Set([0])],
  ['presence_penalty', new Set([0])],
  ['logprobs', new Set([false])],
  ['top_logprobs', new Set([0])],
  ['parallel_tool_calls', new Set([true])],
  ['service_tier', new Set(['auto'])],
  ['store', new Set([false])],
  ['reasoning_effort', new Set(['none'])],
]);

/** Whether a member may be left out without a loss: null, empty, or what the vendor does anyway. */
export function isNeutral(name: string, value: Json | undefined): boolean {
  if (value === null || value === undefined || NEUTRAL.get(name)?.has(numberOf(value) ?? value)) return true;
  if (name === 'modalities') return Array.isArray(value) && value.every((modality) => modality === 'text');
  return Array.isArray(value) && value.length === 0;
}
