import { z } from 'zod';

/** Written by hand from the types of openai 7.55; unknown members are refused at every level. */
const Breakpoint = z.strictObject({ mode: z.literal('explicit'), ttl: z.enum(['30m', '12h']).optional() }).optional();

export const TextPart = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  prompt_cache_breakpoint: Breakpoint,
});
const RefusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });

const UserPart = z.discriminatedUnion('type', [
  TextPart,
  z.strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({ url: z.string(), detail: z.enum(['auto', 'low', 'high', 'original']).optional() }),
    prompt_cache_breakpoint: Breakpoint,
  }),
  z.strictObject({
    type: z.literal('input_audio'),
    input_audio: z.strictObject({ data: z.string(), format: z.enum(['wav', 'mp3']) }),
    prompt_cache_breakpoint: Breakpoint,
  }),
  z.strictObject({
    type: z.literal('file'),
    file: z.strictObject({
      file_data: z.string().optional(),
      file_id: z.string().optional(),
      filename: z.string().optional(),
    }),
    prompt_cache_breakpoint: Breakpoint,
  }),
]);
export type UserPart = z.infer<typeof UserPart>;

const name = z
  .string()
  .regex(/^[^\s<|\\/>]+$/)
  .optional();
const texts = z.union([z.string(), z.array(TextPart).min(1)]);
const callId = z.string().min(1).max(40, 'string too long. Expected a string with maximum length 40');

const ToolCall = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    id: callId,
    function: z.strictObject({ name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), arguments: z.string() }),
  }),
  z.strictObject({
    type: z.literal('custom'),
    id: callId,
    custom: z.strictObject({ name: z.string(), input: z.string() }),
  }),
]);

export const Message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('developer'), content: texts, name }),
  z.strictObject({ role: z.literal('system'), content: texts, name }),
  z.strictObject({ role: z.literal('user'), content: z.union([z.string(), z.array(UserPart).min(1)]), name }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [TextPart, RefusalPart])).min(1)]).nullish(),
    refusal: z.string().nullish(),
    // Not among the published fields of requests, but callers send a message of the model back as it came.
    annotations: z.array(z.unknown()).optional(),
    audio: z.strictObject({ id: z.string() }).nullish(),
    function_call: z.strictObject({ name: z.string(), arguments: z.string() }).nullish(),
    tool_calls: z.array(ToolCall).min(1, 'empty array. Expected an array with minimum length 1').optional(),
    name,
  }),
  // The name is not among the published fields, but stood in OpenAI's guides, and LangChain for Node sends it.
  z.strictObject({ role: z.literal('tool'), content: texts, tool_call_id: callId, name }),
  z.strictObject({ role: z.literal('function'), content: z.string().nullable(), name: z.string() }),
]);
export type Message = z.infer<typeof Message>;
