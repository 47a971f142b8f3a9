import { RefusedError, UnreachableError } from '../admin/refused-error.ts';
import { type Dependency, failed, type Outcome } from './outcome.ts';

/** How the control plane words a reference that leads nowhere. */
const MISSING = /^there is no (\w+) named '([^']+)'$/;

/** How a refusal of the control plane is told. Throws what is none. */
export function failureOutcome(error: unknown): Outcome {
  if (error instanceof UnreachableError) return failed('ControlPlaneUnavailable', error.message);
  if (!(error instanceof RefusedError)) throw error;
  const { status } = error;
  if (status === 401 || status === 403) return failed('Unauthorized', `the operator's token: ${error.describe()}`);
  if (status === 429 || status >= 500) return failed('ControlPlaneUnavailable', error.describe());
  if (error.code === 'still_referenced') return failed('InUse', inUse(error));
  if (status === 409 || status === 412) return failed('Conflict', error.describe());
  const missing = missingIn(error);
  if (missing.length > 0) return failed('DependencyMissing', error.describe(), { waitsFor: missing });
  return failed('Invalid', error.describe());
}

function inUse({ message, faults }: RefusedError): string {
  const referrers = faults.map((fault) => fault.message.replace(/^used by /, ''));
  return referrers.length > 0 ? `it is still used by ${referrers.join(', ')}` : message;
}

/** What is missing, if nothing else is at fault. */
function missingIn({ faults }: RefusedError): readonly Dependency[] {
  const found = faults.map(({ message }) => MISSING.exec(message));
  if (found.some((match) => match === null)) return [];
  return found.map((match) => ({ kind: match?.[1] ?? '', name: match?.[2] ?? '' }));
}
