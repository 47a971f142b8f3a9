import { z } from 'zod';
import { manifestOf, ResourceStatus, resourceOf } from './metadata.ts';
import { QuotaReferences } from './quota.ts';

/** A name of the IANA time zone database that this runtime knows, such as `Europe/Berlin`. */
export const TimeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, { error: "must be an IANA time zone such as 'Europe/Berlin'" })
  .meta({ id: 'TimeZone' });

function isTimeZone(name: string): boolean {
  // An offset such as +02:00 is accepted by Intl, but has no summer time: it would surprise.
  if (/^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What everything belongs to. */
export const OrganizationSpec = z
  .strictObject({
    displayName: z.string().min(1).max(253).optional(),
    /** In which days, weeks and months begin, in limits and in reports. */
    timeZone: TimeZone.default('UTC'),
    /** Limits that all requests of the organization share. */
    quotas: QuotaReferences,
  })
  .meta({ id: 'OrganizationSpec' });
export type OrganizationSpec = z.infer<typeof OrganizationSpec>;

export const OrganizationManifest = manifestOf('Organization', OrganizationSpec);
export type OrganizationManifest = z.infer<typeof OrganizationManifest>;
export const Organization = resourceOf('Organization', OrganizationSpec, ResourceStatus);
export type Organization = z.infer<typeof Organization>;
