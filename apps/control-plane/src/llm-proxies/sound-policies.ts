import type { PolicyLists } from '@penstock/contracts';
import { policyFaults } from '@penstock/policies';
import { validationError } from '../common/validation.ts';

/** Throws the 400 for conditions and regular expressions that cannot be compiled, which schemas cannot check. */
export function requireSoundPolicies(spec: PolicyLists): void {
  const faults = policyFaults(spec);
  if (faults.length === 0) return;
  throw validationError(faults.map(({ path, message }) => ({ path: ['spec', ...path], message })));
}
