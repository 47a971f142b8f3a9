import { z } from 'zod';
import { JsonObject } from '../json-object.ts';

/** Written by hand from the types of openai 7.55; members that the API in fact lets out are optional, unknown ones are refused. */
const Breakpoint = z.strictObject({ mode: z.literal('explicit'), ttl: z.enum(['30m', '12h']).optional() }).nullish();
const Detail = z.enum(['low', 'high', 'auto', 'original']).nullish();

const InputText = z.strictObject({
  type: z.literal('input_text'),
  text: z.string(),
  prompt_cache_breakpoint: Breakpoint,
});
const InputImage = z.strictObject({
  type: z.literal('input_image'),
  image_url: z.string().nullish(),
  file_id: z.string().nullish(),
  detail: Detail,
  prompt_cache_breakpoint: Breakpoint,
});
const InputFile = z.strictObject({
  type: z.literal('input_file'),
  file_data: z.string().nullish(),
  file_id: z.string().nullish(),
  file_url: z.string().nullish(),
  filename: z.string().nullish(),
  detail: z.enum(['auto', 'low', 'high']).optional(),
  prompt_cache_breakpoint: Breakpoint,
});
const OutputText = z.strictObject({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(JsonObject).optional(),
  logprobs: z.array(JsonObject).optional(),
});
const Refusal = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });

const InputPart = z.discriminatedUnion('type', [InputText, InputImage, InputFile]);
const AnyPart = z.discriminatedUnion('type', [InputText, InputImage, InputFile, OutputText, Refusal]);
export type AnyPart = z.infer<typeof AnyPart>;

const Status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();
const prefixed = (prefix: string) =>
  z
    .string()
    .max(64)
    .regex(new RegExp(`^${prefix}`), `Expected an ID that begins with '${prefix}'`);
const callId = z.string().min(1).max(64, 'string too long. Expected a string with maximum length 64');

const Message = z.strictObject({
  type: z.literal('message').optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), z.array(AnyPart).min(1)]),
  id: prefixed('msg').optional(),
  status: Status,
  phase: z.enum(['commentary', 'final_answer']).nullish(),
});

const Output = z.union([z.string(), z.array(InputPart)]);
const Caller = z.looseObject({ type: z.string() }).nullish();

export const TypedItem = z.discriminatedUnion('type', [
  Message.extend({ type: z.literal('message') }),
  z.strictObject({
    type: z.literal('function_call'),
    call_id: callId,
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    arguments: z.string(),
    id: prefixed('fc').optional(),
    namespace: z.string().optional(),
    status: Status,
    async: z.boolean().optional(),
    caller: Caller,
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: callId,
    output: Output,
    id: prefixed('fc').nullish(),
    name: z.string().nullish(),
    namespace: z.string().nullish(),
    status: Status,
    caller: Caller,
  }),
  z.strictObject({
    type: z.literal('custom_tool_call'),
    call_id: callId,
    name: z.string(),
    input: z.string(),
    id: prefixed('ctc').optional(),
    namespace: z.string().optional(),
    status: Status,
    async: z.boolean().optional(),
    caller: Caller,
  }),
  z.strictObject({
    type: z.literal('custom_tool_call_output'),
    call_id: callId,
    output: Output,
    id: prefixed('ctc').optional(),
    caller: Caller,
  }),
  z.strictObject({
    type: z.literal('reasoning'),
    summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
    content: z.array(z.strictObject({ type: z.literal('reasoning_text'), text: z.string() })).nullish(),
    encrypted_content: z.string().nullish(),
    id: prefixed('rs').optional(),
    status: Status,
  }),
  z.strictObject({ type: z.literal('item_reference'), id: z.string() }),
  z.strictObject({ type: z.literal('compaction'), encrypted_content: z.string(), id: prefixed('cmp').nullish() }),
  /** Calls of hosted tools, of which only the outline is checked. */
  ...(['web_search_call', 'file_search_call', 'code_interpreter_call', 'image_generation_call'] as const).map((type) =>
    z.looseObject({ type: z.literal(type), id: z.string() }),
  ),
]);

/** The type of a message may be left out. */
export const InputItem = z.union([TypedItem, Message.omit({ type: true })]);
export type InputItem = z.infer<typeof InputItem>;
