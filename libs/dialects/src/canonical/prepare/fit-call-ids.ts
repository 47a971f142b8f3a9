import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { legalCallId } from './legal-call-id.ts';
import { mapParts } from './map-parts.ts';

/** Gives calls and their results ids that the model takes, and results the names of their calls. Runs after tools were renamed. */
export function fitCallIds(request: CanonicalRequest, { profile }: PrepareContext): CanonicalRequest {
  const names = new Map<string, string>();
  return mapParts(request, (part) => {
    if (part.type === 'tool-call') {
      const id = legalCallId(part.id, profile.toolIds);
      names.set(id, part.name);
      return [{ ...part, id }];
    }
    if (part.type !== 'tool-result') return [part];
    const callId = legalCallId(part.callId, profile.toolIds);
    const name = names.get(callId);
    return [{ ...part, callId, ...(name !== undefined && { name }) }];
  });
}
