import { z } from 'zod';
import { JsonObject } from '../json-object.ts';

/** Written by hand from the schemas of @mistralai/mistralai 2.7; unknown members are refused at every level, as the API does. */
const TextChunk = z.strictObject({ type: z.literal('text'), text: z.string() });
const ReferenceChunk = z.strictObject({
  type: z.literal('reference'),
  reference_ids: z.array(z.union([z.int(), z.string()])),
});

const ContentChunk = z.discriminatedUnion('type', [
  TextChunk,
  ReferenceChunk,
  z.strictObject({
    type: z.literal('image_url'),
    image_url: z.union([
      z.string(),
      z.strictObject({ url: z.string(), detail: z.enum(['low', 'auto', 'high']).nullish() }),
    ]),
  }),
  z.strictObject({ type: z.literal('document_url'), document_url: z.string(), document_name: z.string().nullish() }),
  z.strictObject({ type: z.literal('input_audio'), input_audio: z.string() }),
  z.strictObject({ type: z.literal('file'), file_id: z.string() }),
  z.strictObject({
    type: z.literal('thinking'),
    thinking: z.array(z.discriminatedUnion('type', [TextChunk, ReferenceChunk])),
    signature: z.string().nullish(),
    closed: z.boolean().optional(),
  }),
]);
export type ContentChunk = z.infer<typeof ContentChunk>;

const Content = z.union([z.string(), z.array(ContentChunk)]);

const ToolCall = z.strictObject({
  id: z.string().optional(),
  type: z.literal('function').optional(),
  function: z.strictObject({ name: z.string(), arguments: z.union([z.string(), JsonObject]) }),
  index: z.int().optional(),
});

export const Message = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('system'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [TextChunk]))]),
  }),
  z.strictObject({ role: z.literal('user'), content: Content.nullable() }),
  z.strictObject({
    role: z.literal('assistant'),
    content: Content.nullish(),
    tool_calls: z.array(ToolCall).nullish(),
    prefix: z.boolean().optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    content: Content.nullable(),
    tool_call_id: z.string().nullish(),
    name: z.string().nullish(),
  }),
]);
export type Message = z.infer<typeof Message>;

const Tool = z.strictObject({
  type: z.literal('function').optional(),
  function: z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    strict: z.boolean().optional(),
    parameters: JsonObject,
  }),
});

const sampling = {
  model: z.string().min(1),
  temperature: z.number().min(0).max(1.5).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(0).nullish(),
  stream: z.boolean().optional(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  random_seed: z.int().min(0).nullish(),
  metadata: z.record(z.string(), z.json()).nullish(),
  prompt_cache_key: z.string().nullish(),
};

/** `POST /v1/chat/completions`. */
export const ChatRequest = z.strictObject({
  ...sampling,
  messages: z.array(Message).min(1),
  response_format: z
    .strictObject({
      type: z.enum(['text', 'json_object', 'json_schema']).optional(),
      json_schema: z
        .strictObject({
          name: z.string(),
          description: z.string().nullish(),
          schema: JsonObject,
          strict: z.boolean().optional(),
        })
        .nullish(),
    })
    .optional(),
  tools: z.array(Tool).min(1).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'any', 'required']),
      z.strictObject({ type: z.literal('function').optional(), function: z.strictObject({ name: z.string() }) }),
    ])
    .optional(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  n: z.int().min(1).nullish(),
  prediction: z.strictObject({ type: z.literal('content').optional(), content: z.string().optional() }).optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  prompt_mode: z.literal('reasoning').nullish(),
  guardrails: z.array(JsonObject).nullish(),
  service_tier: z.enum(['auto', 'standard_only', 'default', 'priority', 'flex']).nullish(),
  safe_prompt: z.boolean().optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** `POST /v1/fim/completions`. */
export const FimRequest = z.strictObject({
  ...sampling,
  prompt: z.string(),
  suffix: z.string().nullish(),
  min_tokens: z.int().min(0).nullish(),
});
export type FimRequest = z.infer<typeof FimRequest>;

/** `POST /v1/embeddings`. */
export const EmbeddingsRequest = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(z.string()).min(1)]),
  metadata: z.record(z.string(), z.json()).nullish(),
  output_dimension: z.int().min(1).nullish(),
  output_dtype: z.enum(['float', 'int8', 'uint8', 'binary', 'ubinary']).optional(),
  encoding_format: z.enum(['float', 'base64']).optional(),
});
