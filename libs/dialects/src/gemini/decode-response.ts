import type { CanonicalChoice, CanonicalResponse } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { CandidateDecoder } from './candidate-decoder.ts';
import { collectParts } from './collect-parts.ts';
import { faultOf, upstreamFault } from './errors.ts';
import { finishOf } from './finish.ts';
import { objectOf, objectsOf, stringOf, textOf } from './json-fields.ts';
import { readUsage } from './read-usage.ts';

const SERVICE_TIERS: Readonly<Record<string, string>> = { standard: 'default', flex: 'flex', priority: 'priority' };

/** An answer of `generateContent`. Throws `UpstreamFaultError` for an error, and for an answer that says nothing. */
export function decodeResponse(body: JsonObject, context: DecodeAnswerContext): CanonicalResponse {
  const fault = faultOf(body, 200);
  if (fault) throw new UpstreamFaultError(fault);
  const created = Date.parse(stringOf(body['createTime']) ?? '');
  const tier = SERVICE_TIERS[stringOf(objectOf(body['usageMetadata'])?.['serviceTier'])?.toLowerCase() ?? ''];
  return {
    id: textOf(body['responseId']) ?? context.createId(),
    model: textOf(body['modelVersion']) ?? '',
    ...(!Number.isNaN(created) && { created: Math.floor(created / 1000) }),
    choices: decodeChoices(body, context),
    usage: readUsage(body),
    ...(tier !== undefined && { serviceTier: tier }),
  };
}

function decodeChoices(body: JsonObject, context: DecodeAnswerContext): CanonicalChoice[] {
  const candidates = objectsOf(body['candidates']);
  if (candidates.length > 0) return candidates.map((candidate) => decodeChoice(candidate, context));
  const blocked = blockedChoice(body);
  if (!blocked) throw new UpstreamFaultError(upstreamFault('The upstream answered without a candidate.'));
  return [blocked];
}

/** A prompt that was refused has no candidate at all. */
function blockedChoice(body: JsonObject): CanonicalChoice | null {
  const finish = blockOf(body);
  return finish && { parts: [], finish };
}

/** Why the prompt was refused; null when it was not. */
export function blockOf(body: JsonObject): CanonicalChoice['finish'] | null {
  const feedback = objectOf(body['promptFeedback']);
  const reason = textOf(feedback?.['blockReason']);
  if (reason === undefined) return null;
  return { reason: 'content-filter', explanation: textOf(feedback?.['blockReasonMessage']) ?? reason };
}

function decodeChoice(candidate: JsonObject, context: DecodeAnswerContext): CanonicalChoice {
  const decoder = new CandidateDecoder(context);
  const events = [...decoder.push(candidate), ...decoder.end()];
  const finish = decoder.finish ?? finishOf('FINISH_REASON_UNSPECIFIED', undefined, false);
  if (finish.reason === 'malformed' && !decoder.hasContent) {
    throw new UpstreamFaultError(malformedFault(finish.explanation));
  }
  return { ...collectParts(events), finish };
}

/** The model's own output could not be used and nothing else came: an answer of nothing would look like success. */
export function malformedFault(explanation: string | undefined) {
  return upstreamFault(explanation ?? 'The model gave an answer that cannot be used.');
}
