import { z } from 'zod';
import { type Violation, violationsOf } from '../violation.ts';

/** What vLLM takes beside OpenAI's fields. It ignores unknown ones, but who sends one means something by it: here they are violations. */
const OwnFields = z.strictObject({
  top_k: z.int().min(-1).optional(),
  min_p: z.number().min(0).max(1).optional(),
  repetition_penalty: z.number().min(0).optional(),
  min_tokens: z.int().min(0).optional(),
  stop_token_ids: z.array(z.int()).optional(),
  ignore_eos: z.boolean().optional(),
  include_reasoning: z.boolean().optional(),
  thinking_token_budget: z.int().optional(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).optional(),
  add_generation_prompt: z.boolean().optional(),
  continue_final_message: z.boolean().optional(),
  structured_outputs: z.record(z.string(), z.unknown()).optional(),
  priority: z.int().optional(),
  cache_salt: z.string().optional(),
});
/** vLLM reads the older name of reasoning no more, and skips what other gateways add to it. */
const OwnMessageFields = z.strictObject({
  reasoning: z.string().nullish(),
  reasoning_details: z.array(z.unknown()).optional(),
  extra_content: z.unknown().optional(),
});

type Body = Readonly<Record<string, unknown>>;

/** A body without what is vLLM's own, so that OpenAI's rules decide on the rest, and what is wrong with its own. */
export function splitOwnFields(value: unknown): { readonly rest: unknown; readonly violations: readonly Violation[] } {
  if (!isObject(value)) return { rest: value, violations: [] };
  const top = split(value, OwnFields, []);
  const { messages } = top.rest;
  if (!Array.isArray(messages)) return top;
  const parts = messages.map((message: unknown, index) =>
    isObject(message) && message['role'] === 'assistant'
      ? split(message, OwnMessageFields, ['messages', index])
      : { rest: message, violations: [] },
  );
  return {
    rest: { ...top.rest, messages: parts.map(({ rest }) => rest) },
    violations: [...top.violations, ...parts.flatMap(({ violations }) => violations)],
  };
}

function split(
  value: Body,
  schema: typeof OwnFields | typeof OwnMessageFields,
  path: Violation['path'],
): { readonly rest: Body; readonly violations: readonly Violation[] } {
  const isOwn = (name: string): boolean => name in schema.shape;
  const own = Object.entries(value).filter(([name]) => isOwn(name));
  const parsed = schema.safeParse(Object.fromEntries(own));
  return {
    rest: Object.fromEntries(Object.entries(value).filter(([name]) => !isOwn(name))),
    violations: parsed.success ? [] : violationsOf(parsed.error.issues, path),
  };
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
