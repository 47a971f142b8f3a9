import { z } from 'zod';
import { JsonObject } from '../json-object.ts';
import { CacheControl, ContentBlock, TextBlock } from './content-schema.ts';

export const Message = z.strictObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(ContentBlock)]),
});
export type Message = z.infer<typeof Message>;

const CustomTool = z.strictObject({
  type: z.literal('custom').nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
  description: z.string().optional(),
  input_schema: JsonObject.refine(
    (schema) => schema['type'] === 'object',
    "input_schema.type: Input should be 'object'",
  ),
  cache_control: CacheControl,
  strict: z.boolean().optional(),
  defer_loading: z.boolean().optional(),
  eager_input_streaming: z.boolean().nullish(),
  input_examples: z.array(JsonObject).optional(),
  allowed_callers: z.array(z.string()).optional(),
});

/** A tool that the vendor runs or defines itself: known by the date in its type. Only its outline is checked. */
const VendorTool = z.looseObject({ type: z.string().regex(/_\d{8}$/), name: z.string().optional() });

const Thinking = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('enabled'),
    budget_tokens: z.int().min(1024, 'Input should be greater than or equal to 1024'),
    display: z.enum(['summarized', 'omitted']).nullish(),
  }),
  z.strictObject({ type: z.literal('adaptive'), display: z.enum(['summarized', 'omitted']).nullish() }),
  z.strictObject({ type: z.literal('disabled') }),
  z.strictObject({ type: z.literal('between_tools') }),
]);

const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const ToolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
  z.strictObject({ type: z.literal('none') }),
]);

const counted = {
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  cache_control: CacheControl,
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.strictObject({ type: z.literal('json_schema'), schema: JsonObject }).nullish(),
    })
    .optional(),
  speed: z.enum(['standard', 'fast']).nullish(),
  system: z.union([z.string(), z.array(TextBlock)]).optional(),
  thinking: Thinking.optional(),
  tool_choice: ToolChoice.optional(),
  tools: z.array(z.union([CustomTool, VendorTool])).optional(),
  user_profile_id: z.string().optional(),
  workspace_id: z.string().optional(),
  /** Only behind a beta: see `rules.ts`. */
  context_management: z.json().optional(),
  mcp_servers: z.json().optional(),
};

/** `POST /v1/messages`, of both live versions: what only one of them takes is checked by the rules. */
export const MessagesRequest = z.strictObject({
  ...counted,
  max_tokens: z.int().min(0),
  container: z.json().optional(),
  diagnostics: z.strictObject({ previous_message_id: z.string().nullish() }).nullish(),
  inference_geo: z.string().nullish(),
  metadata: z.strictObject({ user_id: z.string().max(256).nullish() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  top_p: z.number().min(0).max(1).optional(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/** `POST /v1/messages/count_tokens`. */
export const CountTokensRequest = z.strictObject(counted);
export type CountTokensRequest = z.infer<typeof CountTokensRequest>;
