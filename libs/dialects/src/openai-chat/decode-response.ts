import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalChoice, CanonicalResponse } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { decodeUsage } from './chat-usage.ts';
import { decodeAnswerMessage } from './decode-answer-message.ts';
import { defined } from './defined.ts';
import { decodeFinish } from './finish-reason.ts';
import { isJsonObject, numberOf, objectOf, objectsOf, textOf } from './json-values.ts';
import { faultIn } from './read-fault.ts';

/** Reads an answer of an upstream. Throws `UpstreamFaultError` for an error in its body and for a body that is no answer. */
export function decodeResponse(body: JsonObject, context: DecodeAnswerContext): CanonicalResponse {
  const fault = faultIn(body, 200);
  if (fault) throw new UpstreamFaultError(fault);
  const choices = objectsOf(body.choices).map((choice) => decodeChoice(choice, context));
  if (choices.length === 0) throw noAnswer('The upstream answered without a choice.');
  if (choices.every(isUnusable)) throw noAnswer('The upstream gave up without an answer.');
  return defined<CanonicalResponse>({
    id: textOf(body.id) || context.createId(),
    model: textOf(body.model),
    created: createdOf(body),
    choices,
    usage: decodeUsage(body.usage),
    serviceTier: textOf(body.service_tier) || undefined,
  });
}

/** When the answer was made, in epoch seconds; undefined when the upstream does not say. */
export function createdOf(body: JsonObject): number | undefined {
  const created = numberOf(body.created);
  return created !== null && Number.isFinite(created) && created > 0 ? Math.trunc(created) : undefined;
}

function noAnswer(message: string): UpstreamFaultError {
  return new UpstreamFaultError({ fault: 'upstream', message, type: null, code: null, param: null });
}

function isUnusable({ finish, parts }: CanonicalChoice): boolean {
  return finish.reason === 'malformed' && parts.length === 0;
}

function decodeChoice(choice: JsonObject, context: DecodeAnswerContext): CanonicalChoice {
  const parts = decodeAnswerMessage(objectOf(choice.message), context);
  const has = (type: CanonicalPart['type']): boolean => parts.some((part) => part.type === type);
  const content = { hasCalls: has('tool-call'), hasRefusal: has('refusal') };
  return defined<CanonicalChoice>({
    parts,
    finish: decodeFinish(choice.finish_reason, choice.stop_reason, content),
    logprobs: isJsonObject(choice.logprobs) ? choice.logprobs : undefined,
  });
}
