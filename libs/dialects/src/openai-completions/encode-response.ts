import type { CanonicalResponse, FinishReason } from '../canonical/canonical-response.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { answerIdentity } from '../openai-chat/answer-identity.ts';
import { encodeUsage } from '../openai-chat/chat-usage.ts';
import { encodeFinish } from '../openai-chat/finish-reason.ts';
import type { Completion, CompletionFinishReason } from './schema.ts';

/** Writes an answer for a caller of the old completions: its text and nothing else. */
export function encodeResponse(response: CanonicalResponse, context: EncodeAnswerContext): JsonObject {
  const completion: Completion = {
    ...answerIdentity(response, context, 'cmpl-'),
    object: 'text_completion',
    choices: response.choices.map(({ parts, finish }, index) => ({
      text: parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join(''),
      index,
      logprobs: null,
      finish_reason: completionFinish(finish.reason),
    })),
    ...(response.usage !== null && { usage: encodeUsage(response.usage) }),
  };
  return completion;
}

/** The old completions know no calls. */
export function completionFinish(reason: FinishReason): CompletionFinishReason {
  const finish = encodeFinish(reason, false, false);
  return finish === 'length' || finish === 'content_filter' ? finish : 'stop';
}
