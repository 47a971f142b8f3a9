import type { CanonicalPart, ReasoningPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { isSignedFor } from '../signature-envelope.ts';
import { mapParts } from './map-parts.ts';

/**
 * Removes signatures that other models made, and the reasoning that cannot be sent without one: a vendor refuses what it did
 * not sign, and reasoning that nobody signed must never pass for the model's own. No caller can help it, so it is not reported.
 */
export function dropForeignSignatures(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  return mapParts(request, (part) => {
    const own = withOwnSignature(part, context);
    return own.type === 'reasoning' && !canBeSent(own, context) ? [] : [own];
  });
}

function withOwnSignature(part: CanonicalPart, { origin }: PrepareContext): CanonicalPart {
  if (!('signature' in part) || part.signature === undefined) return part;
  if (isSignedFor(part.signature, origin)) return part;
  const { signature: _, ...bare } = part;
  return bare;
}

/** Chat has a field for bare reasoning; everywhere else it is the signature that is sent. */
function canBeSent(part: ReasoningPart, { upstream, profile }: PrepareContext): boolean {
  if (upstream !== 'openai-chat') return part.signature !== undefined;
  return profile.reasoningField !== 'none' && part.text !== '';
}
