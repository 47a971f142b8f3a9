import { z } from 'zod';
import { JsonObject } from '../json-object.ts';
import { Message, TextPart } from './message-schema.ts';

const toolName = z
  .string()
  .regex(
    /^[a-zA-Z0-9_-]{1,64}$/,
    "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'",
  );

const FunctionDefinition = z.strictObject({
  name: toolName,
  description: z.string().optional(),
  parameters: JsonObject.optional(),
  strict: z.boolean().nullish(),
});

export const CustomFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({
    type: z.literal('grammar'),
    grammar: z.strictObject({ definition: z.string(), syntax: z.enum(['lark', 'regex']) }),
  }),
]);

const Tool = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('function'), function: FunctionDefinition }),
  z.strictObject({
    type: z.literal('custom'),
    custom: z.strictObject({ name: toolName, description: z.string().optional(), format: CustomFormat.optional() }),
  }),
]);

const named = z.strictObject({ name: z.string() });
const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), function: named }),
    z.strictObject({ type: z.literal('custom'), custom: named }),
    z.strictObject({
      type: z.literal('allowed_tools'),
      allowed_tools: z.strictObject({ mode: z.enum(['auto', 'required']), tools: z.array(JsonObject) }),
    }),
  ]),
]);

const ResponseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
      description: z.string().optional(),
      schema: JsonObject.optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

export const Metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16);
export const ReasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

/** `POST /v1/chat/completions`. */
export const ChatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1, 'empty array. Expected an array with minimum length 1'),
  audio: z.strictObject({ format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']), voice: z.json() }).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  function_call: z.union([z.enum(['none', 'auto']), named]).optional(),
  functions: z.array(FunctionDefinition).min(1).max(128).optional(),
  logit_bias: z.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100)).nullish(),
  logprobs: z.boolean().nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  metadata: Metadata.nullish(),
  modalities: z.array(z.enum(['text', 'audio'])).nullish(),
  moderation: JsonObject.nullish(),
  n: z.int().min(1).max(128).nullish(),
  parallel_tool_calls: z.boolean().optional(),
  prediction: z
    .strictObject({ type: z.literal('content'), content: z.union([z.string(), z.array(TextPart)]) })
    .nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: JsonObject.optional(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
  reasoning_effort: ReasoningEffort.nullish(),
  response_format: ResponseFormat.optional(),
  safety_identifier: z.string().max(64).nullish(),
  seed: z.int().nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullish(),
  stop: z.union([z.string(), z.array(z.string()).min(1).max(4)]).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_obfuscation: z.boolean().optional(), include_usage: z.boolean().optional() })
    .nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  tool_choice: ToolChoice.optional(),
  tools: z.array(Tool).min(1, 'empty array. Expected an array with minimum length 1').max(128).optional(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().max(64).optional(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  web_search_options: JsonObject.optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** `POST /v1/embeddings`. */
export const EmbeddingsRequest = z.strictObject({
  model: z.string().min(1),
  input: z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1).max(2048),
    z.array(z.int()).min(1),
    z.array(z.array(z.int()).min(1)).min(1),
  ]),
  dimensions: z.int().min(1).optional(),
  encoding_format: z.enum(['float', 'base64']).optional(),
  user: z.string().optional(),
});
export type EmbeddingsRequest = z.infer<typeof EmbeddingsRequest>;
