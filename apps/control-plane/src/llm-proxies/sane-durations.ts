import { durationToMs } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';

const MAX_MS = 86_400_000;

/** Throws the 400 for a duration beyond 24 hours; `field` is that of the object which holds them. */
export function requireSaneDurations(
  field: string,
  durations: Readonly<Record<string, string | undefined>> = {},
): void {
  for (const [name, duration] of Object.entries(durations)) {
    if (duration !== undefined && durationToMs(duration) > MAX_MS) {
      throw invalidField(`${field}.${name}`, 'must be 24 hours at most');
    }
  }
}
