import { GatewayError } from '@penstock/contracts';
import type { PolicyAnswer } from './policy.ts';
import { PolicyRefusal } from './policy-refusal.ts';

/** What is answered where a provider's access control lets nothing through. */
export const RESOURCE_NOT_FOUND: PolicyAnswer = {
  status: 404,
  contentType: 'application/json',
  body: Buffer.from('{"message": "Resource not found."}'),
};

export function resourceNotFound(): PolicyRefusal {
  return new PolicyRefusal(new GatewayError('not_found', 'Resource not found.'), RESOURCE_NOT_FOUND);
}
