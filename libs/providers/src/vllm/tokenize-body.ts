import type { Json, JsonObject } from '@penstock/dialects';

const COUNTED = [
  'model',
  'messages',
  'tools',
  'chat_template_kwargs',
  'add_generation_prompt',
  'continue_final_message',
];

/** The part of a Chat request that `POST /tokenize` takes. */
export function tokenizeBody(body: Readonly<Record<string, Json | undefined>>): JsonObject {
  const counted = COUNTED.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]] as const]));
  return { add_generation_prompt: true, ...Object.fromEntries(counted) };
}
