import { GatewayError, type ModelProfile, type ReasoningEffort } from '@penstock/contracts';
import type { CanonicalRequest, OutputFormat, ReasoningRequest } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { presentMembers } from './json-fields.ts';
import type { GeminiThinkingConfig } from './schema.ts';

const LEVELS: Readonly<Record<ReasoningEffort, NonNullable<GeminiThinkingConfig['thinkingLevel']>>> = {
  // Thinking of these models cannot be switched off; this is the least of it.
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

/** `generationConfig`; undefined when the caller asked for nothing in particular. */
export function encodeGenerationConfig(request: CanonicalRequest, profile: ModelProfile): JsonObject | undefined {
  return presentMembers({
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    maxOutputTokens: request.maxOutputTokens,
    stopSequences: request.stop,
    candidateCount: candidateCount(request),
    seed: request.seed === undefined ? undefined : inSeedRange(request.seed),
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    responseLogprobs: request.logprobs === undefined ? undefined : true,
    logprobs: request.logprobs === 0 ? undefined : request.logprobs,
    ...encodeOutput(request.output, profile),
    thinkingConfig: request.reasoning && encodeThinking(request.reasoning, profile),
  });
}

/** Google's seeds have 32 bits. Which seed it is means nothing, only that it is the same one. */
function inSeedRange(seed: Json): Json {
  // As text, since a seed may be larger than JavaScript counts.
  const text = JSON.stringify(seed);
  return /^-?\d+$/.test(text) ? Number(BigInt.asIntN(32, BigInt(text))) : seed;
}

/** Streams of several candidates cannot be told apart reliably. */
function candidateCount({ choices, stream }: CanonicalRequest): number | undefined {
  if (stream && choices !== undefined && choices > 1) {
    const message = 'The model that serves this request cannot stream several choices.';
    throw new GatewayError('unsupported_parameter', message, { param: 'n' });
  }
  return choices;
}

function encodeOutput(output: OutputFormat, profile: ModelProfile): JsonObject {
  if (output.kind === 'text') return {};
  const responseMimeType = 'application/json';
  if (output.kind === 'json') return { responseMimeType };
  const field = profile.schemaDialect === 'gemini' && !output.plainSchema ? 'responseSchema' : 'responseJsonSchema';
  return { responseMimeType, [field]: output.schema };
}

/** A budget or a level, never both: newer models refuse the former, older ones the latter. */
function encodeThinking(reasoning: ReasoningRequest, profile: ModelProfile): GeminiThinkingConfig | undefined {
  const { effort, budget, display } = reasoning;
  const includeThoughts = display !== 'omitted';
  if (profile.thinking === 'budget') {
    if (effort === 'none') return { thinkingBudget: 0 };
    return { includeThoughts, ...(budget !== undefined && { thinkingBudget: budget }) };
  }
  if (profile.thinking !== 'level') return undefined;
  return { includeThoughts, ...(effort !== undefined && { thinkingLevel: LEVELS[effort] }) };
}
