import type { Json, JsonObject, Warnings } from '@penstock/dialects';
import { chatBodyFitter } from '../chat-body/chat-body-fitter.ts';
import { restrictionReader } from '../chat-body/chat-restrictions.ts';
import { isJsonObject } from '../chat-body/is-json-object.ts';
import type { BodyCall } from '../provider-adapter.ts';
import { adjustMessages, endsWithPrefill } from './adjust-messages.ts';
import { tokenizeBody } from './tokenize-body.ts';
import { GUIDED_BACKEND, GUIDED_FIELDS, refuseDangerousField } from './request-fields.ts';

type Draft = Record<string, Json | undefined>;

/** Parameters are fitted as far as vLLM's own profile differs from that of any server. */
export const vllmFitter = chatBodyFitter(restrictionReader('beyond-defaults'));

/** What vLLM takes otherwise than OpenAI (research/translation.md §6.3). */
export function adjustVllmBody(body: JsonObject, call: BodyCall, warnings: Warnings): JsonObject {
  if (call.operation === 'embeddings') return body;
  for (const name of Object.keys(body)) refuseDangerousField(name);
  const draft: Draft = { ...vllmFitter.adjustBody(body, call, warnings) };
  moveGuidedFields(draft, warnings);
  dropEmptyTools(draft);
  if (!call.stream) delete draft['stream_options'];
  if (Array.isArray(draft['messages'])) adjustConversation(draft, draft['messages'] as readonly Json[], call);
  return call.operation === 'count-tokens' ? tokenizeBody(draft) : draft;
}

function moveGuidedFields(draft: Draft, warnings: Warnings): void {
  const moved: Draft = {};
  for (const [name, key] of GUIDED_FIELDS) {
    const value = draft[name];
    delete draft[name];
    if (value !== undefined && value !== null) moved[key] = value;
  }
  delete draft[GUIDED_BACKEND];
  if (Object.keys(moved).length === 0) return;
  const present = draft['structured_outputs'];
  // Exactly one constraint is allowed, and the newer field says what the caller means.
  if (isJsonObject(present)) warnings.note('dropped', 'guided_*');
  else draft['structured_outputs'] = moved;
}

/** vLLM refuses an empty list of tools, and a choice without tools, even where it chooses nothing. */
function dropEmptyTools(draft: Draft): void {
  const { tools, tool_choice: choice } = draft;
  const hasTools = Array.isArray(tools) && tools.length > 0;
  if (hasTools) return;
  delete draft['tools'];
  delete draft['parallel_tool_calls'];
  if (choice === 'auto' || choice === 'none' || choice === null || Array.isArray(tools)) delete draft['tool_choice'];
}

function adjustConversation(draft: Draft, messages: readonly Json[], { profile, translated }: BodyCall): void {
  draft['messages'] = adjustMessages(messages, profile);
  if (!translated || !profile.prefill || !endsWithPrefill(messages)) return;
  draft['add_generation_prompt'] = false;
  draft['continue_final_message'] = true;
}
