import { z } from 'zod';
import { JsonObject } from '../json-object.ts';
import { CustomFormat, Metadata, ReasoningEffort } from '../openai-chat/schema.ts';
import { InputItem } from './item-schema.ts';

const toolName = z
  .string()
  .regex(
    /^[a-zA-Z0-9_-]{1,64}$/,
    "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'",
  );

const FunctionTool = z.strictObject({
  type: z.literal('function'),
  name: toolName,
  description: z.string().nullish(),
  parameters: JsonObject.nullish(),
  strict: z.boolean().nullish(),
  defer_loading: z.boolean().optional(),
  allowed_callers: z.array(z.string()).nullish(),
  async: z.boolean().optional(),
  output_schema: JsonObject.nullish(),
});
const CustomTool = z.strictObject({
  type: z.literal('custom'),
  name: toolName,
  description: z.string().optional(),
  format: z
    .union([
      CustomFormat.options[0],
      z.strictObject({ type: z.literal('grammar'), definition: z.string(), syntax: z.enum(['lark', 'regex']) }),
    ])
    .optional(),
  defer_loading: z.boolean().optional(),
  allowed_callers: z.array(z.string()).nullish(),
  async: z.boolean().optional(),
});
/** Tools that OpenAI runs or defines. Only their outline is checked. */
const hosted = (
  [
    'web_search',
    'web_search_preview',
    'file_search',
    'mcp',
    'code_interpreter',
    'image_generation',
    'local_shell',
    'shell',
    'apply_patch',
    'tool_search',
    'namespace',
    'computer_use_preview',
  ] as const
).map((type) => z.looseObject({ type: z.literal(type) }));

const Tool = z.discriminatedUnion('type', [FunctionTool, CustomTool, ...hosted]);

const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), name: z.string() }),
    z.strictObject({ type: z.literal('custom'), name: z.string() }),
    z.strictObject({
      type: z.literal('allowed_tools'),
      mode: z.enum(['auto', 'required']),
      tools: z.array(JsonObject),
    }),
    z.strictObject({ type: z.literal('web_search') }),
    z.strictObject({ type: z.literal('apply_patch') }),
    z.strictObject({ type: z.literal('shell') }),
  ]),
]);

const TextFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    schema: JsonObject,
    description: z.string().optional(),
    strict: z.boolean().nullish(),
  }),
]);

const includable = [
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
] as const;

/** `POST /v1/responses`. */
export const ResponsesRequest = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(InputItem).min(1)]).optional(),
  access_programs: z.json().optional(),
  background: z.boolean().nullish(),
  context_management: z.array(JsonObject).nullish(),
  conversation: z.json().optional(),
  image: JsonObject.optional(),
  include: z.array(z.enum(includable)).nullish(),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(16, 'integer below minimum value. Expected a value >= 16').nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  // Not published, but sent by Codex, which is OpenAI's own.
  client_metadata: z.record(z.string(), z.string()).optional(),
  metadata: Metadata.nullish(),
  moderation: JsonObject.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  previous_response_id: z.string().nullish(),
  prompt: JsonObject.nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: JsonObject.optional(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
  reasoning: z
    .strictObject({
      effort: ReasoningEffort.nullish(),
      summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
      generate_summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
      context: z.enum(['auto', 'current_turn', 'all_turns']).nullish(),
      mode: z.string().optional(),
    })
    .nullish(),
  safety_identifier: z.string().max(64).nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  text: z
    .strictObject({ format: TextFormat.optional(), verbosity: z.enum(['low', 'medium', 'high']).nullish() })
    .optional(),
  tool_choice: ToolChoice.optional(),
  tools: z.array(Tool).max(128).optional(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  user: z.string().max(64).optional(),
});
export type ResponsesRequest = z.infer<typeof ResponsesRequest>;
