import type { Team, TeamSpec } from '@penstock/contracts';
import { documentOf } from '../resources/document.ts';
import type { ResourceRow } from '../resources/resource-row.ts';

export function toTeam(row: ResourceRow): Team {
  return documentOf('Team', row, row.spec as TeamSpec, {});
}
