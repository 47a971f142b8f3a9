import type { MatchedModelProfile, ModelProfileOverrides } from '@penstock/contracts';

const MAX_OUTPUT_TOKENS = 65_536;

const level = (efforts: ModelProfileOverrides['efforts']): ModelProfileOverrides => ({
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  thinking: 'level',
  ...(efforts && { efforts }),
  thinkingOff: false,
  toolResultImages: 'native',
});
const budget = (thinkingOff: boolean): ModelProfileOverrides => ({
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  thinking: 'budget',
  thinkingOff,
});
const plain: ModelProfileOverrides = { maxOutputTokens: 8192, thinking: 'none', parameters: { reasoning: 'drop' } };

/** Capabilities of Google's models; a Gemini that is not known is taken for one of the newest. */
export const GEMINI_MODELS: readonly MatchedModelProfile[] = [
  { match: 'gemini-3-pro*', profile: level(['low', 'high']) },
  { match: 'gemini-3*-pro*', profile: level(['low', 'medium', 'high']) },
  ...['gemini-3-*', 'gemini-3.1-*', 'gemini-3.5-*', 'gemini-3.6-*'].map((match) => ({
    match,
    profile: level(['minimal', 'low', 'medium', 'high']),
  })),
  { match: 'gemini-2.5-pro*', profile: budget(false) },
  { match: 'gemini-2.5-*', profile: budget(true) },
  { match: 'gemini-2.0-*', profile: plain },
  { match: 'gemini-1.5-*', profile: plain },
  { match: 'gemma-*', profile: { ...plain, structuredOutput: 'prompt', documents: false, audioInput: false } },
  { match: 'gemini-*', profile: level(['low', 'medium', 'high']) },
];
