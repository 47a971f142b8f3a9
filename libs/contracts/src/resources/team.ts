import { z } from 'zod';
import { manifestOf, ResourceStatus, resourceOf } from './metadata.ts';
import { QuotaReferences } from './quota.ts';

export const TeamSpec = z
  .strictObject({
    displayName: z.string().min(1).max(253),
    /** Limits that all keys of the team share. */
    quotas: QuotaReferences,
    /** Limits that each key of the team has for itself. */
    keyQuotas: QuotaReferences,
    /** A suspended team's keys are refused with `team_suspended`. */
    suspended: z.boolean().default(false),
  })
  .meta({ id: 'TeamSpec' });
export type TeamSpec = z.infer<typeof TeamSpec>;

export const TeamManifest = manifestOf('Team', TeamSpec);
export type TeamManifest = z.infer<typeof TeamManifest>;
export const Team = resourceOf('Team', TeamSpec, ResourceStatus);
export type Team = z.infer<typeof Team>;
