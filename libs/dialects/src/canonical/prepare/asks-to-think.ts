import type { CanonicalRequest } from '../canonical-request.ts';

/** Whether a request asks the model to think, however hard. */
export function asksToThink({ reasoning }: CanonicalRequest): boolean {
  if (reasoning === undefined || reasoning.effort === 'none') return false;
  return reasoning.effort !== undefined || reasoning.budget !== undefined;
}
