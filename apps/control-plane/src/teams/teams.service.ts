import { Injectable } from '@nestjs/common';
import { type Team, TeamManifest, type TeamSpec } from '@penstock/contracts';
import type { Team as TeamRow } from '../prisma/generated/client.ts';
import { attachQuotas, resolveQuotas } from '../resources/quota-attachments.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { teamQuotas, toTeam } from './team.mapper.ts';
import { teamReferences, teamsRepository } from './teams.repository.ts';

const teamKind: ResourceKind<TeamSpec, TeamRow, Team> = {
  kind: 'Team',
  manifest: TeamManifest,
  repository: teamsRepository,
  toDocument: toTeam,
  prepare,
  references: teamReferences,
};

async function prepare(spec: TeamSpec, { transaction, actor }: WriteContext<TeamRow>): Promise<PreparedSpec> {
  const quotas = await resolveQuotas(transaction, actor.organizationId, teamQuotas(spec));
  const attach = async ({ id }: { readonly id: string }): Promise<void> =>
    attachQuotas(transaction, actor.organizationId, { teamId: id }, quotas);
  return { spec, columns: {}, attach };
}

@Injectable()
export class TeamsService extends ResourceService<TeamSpec, TeamRow, Team> {
  constructor(tools: ResourceTools) {
    super(teamKind, tools);
  }
}
