import { z } from 'zod';
import { Dialect } from '../dialect.ts';

/** How hard a model is asked to think, from least to most. */
export const ReasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
export type ReasoningEffort = z.infer<typeof ReasoningEffort>;

/** Parameters of a request that some vendors do not have. */
export const TunableParameter = z.enum([
  'temperature',
  'topP',
  'topK',
  'minP',
  'stop',
  'seed',
  'choices',
  'frequencyPenalty',
  'presencePenalty',
  'logitBias',
  'logprobs',
  'parallelToolCalls',
  'reasoning',
  'verbosity',
  'serviceTier',
  'metadata',
  'endUser',
  'promptCacheKey',
  'cacheMarks',
  'prediction',
  'audioOutput',
  'webSearch',
  'store',
]);
export type TunableParameter = z.infer<typeof TunableParameter>;

/**
 * What becomes of a parameter at a model. pass: it is sent. drop: it is left out and reported (refused by a strict proxy).
 * refuse: the request is answered with 400, since leaving it out would change what the request means.
 */
export const ParameterRule = z.enum(['pass', 'drop', 'refuse']);
export type ParameterRule = z.infer<typeof ParameterRule>;

const fields = {
  /** Dialect in which this model is asked for chat, where it is another than the provider's. */
  chatDialect: Dialect.nullable(),
  /** Models whose signatures of reasoning are interchangeable; null: the upstream model's own name. */
  modelGroup: z.string().min(1).max(128).nullable(),
  /** Name of the field that bounds the output. */
  maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']),
  /** Tokens; a higher bound is clamped. Null: unknown, nothing is clamped. */
  maxOutputTokens: z.int().min(1).max(100_000_000).nullable(),
  /** Tokens asked for where the dialect demands a bound and the caller gave none. */
  defaultMaxOutputTokens: z.int().min(1).max(100_000_000),
  parameters: z.partialRecord(TunableParameter, ParameterRule),
  /** Highest temperature that is accepted; higher ones are clamped. */
  maxTemperature: z.number().min(0).max(2),
  /** Whether temperature and top-p may be given together. */
  temperatureWithTopP: z.boolean(),
  /** none: cannot think. budget: in tokens. adaptive: Claude's own choice. level: Gemini 3's levels. effort: OpenAI's words. */
  thinking: z.enum(['none', 'budget', 'adaptive', 'level', 'effort']),
  /** Efforts that are accepted; others go to the nearest one. */
  efforts: z.array(ReasoningEffort).max(7),
  /** Whether thinking can be switched off. */
  thinkingOff: z.boolean(),
  /** Whether the conversation may end with the beginning of the assistant's turn. */
  prefill: z.boolean(),
  /** A system message after the first turn. native: as it is. hoist: to the front. user: wrapped in the user's words. */
  midSystem: z.enum(['native', 'hoist', 'user']),
  systemRole: z.enum(['system', 'developer']),
  /** Whether there may be several system messages; else they are joined. */
  multipleSystem: z.boolean(),
  /** Whether a tool may be forced while the model thinks; else thinking is switched off. */
  forcedToolWithThinking: z.boolean(),
  /** Whether tools are only served by the Responses API (unless the effort is none). */
  toolsRequireResponses: z.boolean(),
  strictTools: z.boolean(),
  /** Whether freeform ("custom") tools are known; else they are wrapped in a function. */
  customTools: z.boolean(),
  /** native: the vendor's own. json-tool: a forced tool. prompt: asked for in words. */
  structuredOutput: z.enum(['native', 'json-tool', 'prompt']),
  schemaDialect: z.enum(['json-schema', 'openai', 'anthropic', 'gemini']),
  images: z.enum(['none', 'data', 'url', 'both']),
  /** MIME types of images; empty: any. */
  imageTypes: z.array(z.string().max(64)).max(20),
  documents: z.boolean(),
  audioInput: z.boolean(),
  /** following-user: images of tool results follow in a message of the user. */
  toolResultImages: z.enum(['native', 'following-user']),
  /** Ids of tool calls that are accepted; others are replaced by a deterministic one. */
  toolIds: z.strictObject({
    characters: z.enum(['any', 'word', 'alphanumeric']),
    minLength: z.int().min(1).max(512),
    maxLength: z.int().min(1).max(512),
  }),
  /** Names of tools that are accepted; others are replaced by a deterministic one and put back in the answer. */
  toolNames: z.strictObject({ maxLength: z.int().min(16).max(512), startsWithLetter: z.boolean() }),
  maxChoices: z.int().min(1).max(128),
  maxStops: z.int().min(1).max(1000),
  /** Whether usage in a stream has to be asked for, always comes, or cannot be had. */
  streamUsage: z.enum(['option', 'always', 'none']),
  /** Field in which reasoning of earlier turns is sent. */
  reasoningField: z.enum(['reasoning', 'reasoning_content', 'none']),
  /** Whether fields that Penstock does not know are passed on to an upstream of the same dialect. */
  unknownFields: z.enum(['pass', 'drop']),
  anthropicVersion: z.string().max(32),
  anthropicBetas: z.array(z.string().max(128)).max(50),
} as const;

/** What a model can do and how it wants to be asked: all of it, after defaults and overrides were merged. */
export const ModelProfile = z.strictObject(fields).meta({ id: 'ModelProfile' });
export type ModelProfile = z.infer<typeof ModelProfile>;

/** A part of a profile, laid over the defaults of dialect and template. */
export const ModelProfileOverrides = ModelProfile.partial().meta({ id: 'ModelProfileOverrides' });
export type ModelProfileOverrides = z.infer<typeof ModelProfileOverrides>;

/** Overrides for the models whose upstream name matches: `*` stands for any characters. The first match holds. */
export const MatchedModelProfile = z
  .strictObject({ match: z.string().min(1).max(255), profile: ModelProfileOverrides })
  .meta({ id: 'MatchedModelProfile' });
export type MatchedModelProfile = z.infer<typeof MatchedModelProfile>;
