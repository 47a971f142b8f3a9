import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';

/** The line by which a coding agent tells its vendor of itself. It changes with every session and would spoil a server's prompt cache. */
const ATTRIBUTION = /^(?:\s*x-anthropic-billing-header:[^\n]*\n?)+/;

/** Removes an agent's attribution to Anthropic from the texts of the system, unless it goes to Anthropic. */
export function stripAttribution(request: CanonicalRequest, { upstream }: PrepareContext): CanonicalRequest {
  if (upstream === 'anthropic') return request;
  const turns = request.turns.map((turn) =>
    turn.role === 'system' ? { ...turn, parts: turn.parts.map((part) => stripped(part)) } : turn,
  );
  return { ...request, system: request.system.map((part) => stripped(part)), turns };
}

function stripped<T extends CanonicalPart>(part: T): T {
  return part.type === 'text' ? { ...part, text: part.text.replace(ATTRIBUTION, '') } : part;
}
