import type { CanonicalRequest, ReasoningRequest } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { given } from './given.ts';

interface ReasoningFields {
  readonly thinking?: JsonObject;
  /** For `output_config`. */
  readonly effort?: string;
}

/** A wish that was fitted to the model's profile: a budget, an effort, or `none`. */
export function encodeReasoning(request: CanonicalRequest): ReasoningFields {
  const { reasoning } = request;
  if (reasoning === undefined) return {};
  const { budget, effort } = reasoning;
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  if (budget !== undefined) {
    return { thinking: { type: 'enabled', budget_tokens: budget, ...given('display', reasoning.display) } };
  }
  if (effort === undefined) return {};
  return {
    thinking: { type: 'adaptive', display: displayOf(reasoning, request) },
    effort: effort === 'minimal' ? 'low' : effort,
  };
}

/** Newer models show no thinking unless they are asked to. A Responses caller who wants to read it asks for a summary. */
function displayOf(reasoning: ReasoningRequest, request: CanonicalRequest): string {
  if (reasoning.display !== undefined) return reasoning.display;
  return request.dialect === 'openai-responses' && reasoning.summary === undefined ? 'omitted' : 'summarized';
}
