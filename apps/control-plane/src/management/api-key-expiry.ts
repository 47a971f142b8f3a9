import type { ApiKeyValidity } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';

/** How long a key is asked to work. */
export interface WantedExpiry {
  readonly expiresIn?: ApiKeyValidity | undefined;
  readonly expiresAt?: string | null | undefined;
}

/**
 * When the key ends; null for never. `expiresAt` goes before `expiresIn`; months are those of the calendar, in UTC. Undefined
 * where nothing is asked for. Throws the 400 for what has passed or lies beyond what a date can say; `within`: where the fields
 * stand, such as `spec.`.
 */
export function expiryOf({ expiresIn, expiresAt }: WantedExpiry, now: number, within = ''): string | null | undefined {
  if (expiresAt !== undefined) return expiresAt === null ? null : requireFuture(`${within}expiresAt`, expiresAt, now);
  if (!expiresIn) return undefined;
  const field = `${within}expiresIn`;
  return requireFuture(field, later(field, expiresIn, now), now);
}

/** Throws the 400 unless the time is yet to come. */
export function requireFuture(field: string, time: string, now: number): string {
  if (Date.parse(time) > now) return time;
  throw invalidField(field, 'API key expiration time must be in the future');
}

function later(field: string, { unit, duration }: ApiKeyValidity, now: number): string {
  try {
    const start = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC');
    const end = start.add({ [unit]: duration });
    if (end.year <= 9999) return new Date(end.epochMilliseconds).toISOString();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw invalidField(field, 'lies too far in the future');
}
