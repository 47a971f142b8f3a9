import type { ModelProfile } from '@penstock/contracts';
import type { CanonicalRequest, ReasoningRequest } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { objectOf, presentMembers } from '../gemini/json-fields.ts';

/** What Converse has no field for and the model's own vendor has; undefined when there is nothing of the kind. */
export function encodeModelFields(request: CanonicalRequest, profile: ModelProfile): JsonObject | undefined {
  return presentMembers({
    ...objectOf(request.extra['additionalModelRequestFields']),
    top_k: request.topK,
    anthropic_beta: profile.anthropicBetas.length > 0 ? profile.anthropicBetas : undefined,
    ...(request.reasoning && encodeReasoning(request.reasoning, profile)),
  });
}

/** Thinking as the vendors of Bedrock's models spell it: Claude's two ways, and OpenAI's effort. */
function encodeReasoning({ effort, budget, display }: ReasoningRequest, profile: ModelProfile): JsonObject {
  switch (profile.thinking) {
    case 'budget':
      if (effort === 'none') return { thinking: { type: 'disabled' } };
      return budget === undefined ? {} : { thinking: { type: 'enabled', budget_tokens: budget } };
    case 'adaptive':
      if (effort === 'none') return { thinking: { type: 'disabled' } };
      return {
        thinking: { type: 'adaptive', ...(display && { display }) },
        ...(effort && { output_config: { effort } }),
      };
    case 'effort':
      return effort === undefined ? {} : { reasoning_effort: effort };
    case 'level':
    case 'none':
      return {};
  }
}
