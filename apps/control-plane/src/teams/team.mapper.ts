import type { Team, TeamSpec } from '@penstock/contracts';
import { documentOf } from '../resources/document.ts';
import { ownQuotas, type QuotaField } from '../resources/quota-attachments.ts';
import type { ResourceRow } from '../resources/resource-row.ts';

export function toTeam(row: ResourceRow): Team {
  return documentOf('Team', row, storedTeamSpec(row.spec), {});
}

/** A spec as it is stored; earlier releases stored none of its keys' quotas. */
export function storedTeamSpec(spec: unknown): TeamSpec {
  return { keyQuotas: [], ...(spec as Omit<TeamSpec, 'keyQuotas'>) };
}

/** Where a team's spec names quotas. */
export function teamQuotas(spec: TeamSpec): QuotaField[] {
  return [ownQuotas(spec), { field: 'spec.keyQuotas', names: spec.keyQuotas, part: { eachKey: true } }];
}
