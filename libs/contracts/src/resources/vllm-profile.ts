import type { ModelProfileOverrides } from './model-profile.ts';

/**
 * What every model that vLLM serves can do and how it wants to be asked, beyond the defaults of OpenAI's Chat: the profile
 * of the built-in template, and of a gateway that runs without a control plane.
 */
export const VLLM_PROFILE: ModelProfileOverrides = {
  parameters: {
    topK: 'pass',
    minP: 'pass',
    verbosity: 'drop',
    serviceTier: 'drop',
    metadata: 'drop',
    promptCacheKey: 'drop',
    prediction: 'drop',
    audioOutput: 'refuse',
    webSearch: 'refuse',
    store: 'drop',
  },
  thinking: 'effort',
  efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  systemRole: 'system',
  // Chat templates raise on a second system message, and on one that does not stand first.
  multipleSystem: false,
  // Hoisting what an agent says in between would change the beginning of the prompt, and lose the cached prefix.
  midSystem: 'user',
  reasoningField: 'reasoning',
  toolIds: { characters: 'any', minLength: 1, maxLength: 512 },
  maxStops: 1000,
};
