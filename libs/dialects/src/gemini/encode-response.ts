import type { CanonicalChoice, CanonicalResponse } from '../canonical/canonical-response.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { encodePart, wantsThoughts } from './encode-parts.ts';
import { encodeUsage } from './encode-usage.ts';
import { finishReasonOf } from './finish.ts';
import type { GeminiCandidate, GeminiResponse } from './schema.ts';

/** An answer as `generateContent` gives it. */
export function encodeResponse(response: CanonicalResponse, context: EncodeAnswerContext): JsonObject {
  const body: GeminiResponse = {
    candidates: response.choices.map((choice, index) => encodeChoice(choice, index, wantsThoughts(context.request))),
    ...(response.usage && { usageMetadata: encodeUsage(response.usage) }),
    modelVersion: context.model,
    responseId: response.id,
  };
  return body;
}

function encodeChoice(choice: CanonicalChoice, index: number, showThoughts: boolean): GeminiCandidate {
  return {
    index,
    content: { role: 'model', parts: choice.parts.flatMap((part) => encodePart(part, showThoughts)) },
    ...finishReasonOf(choice.finish),
  };
}
