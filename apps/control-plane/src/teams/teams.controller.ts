import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { pageOf, Team, TeamManifest } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { TeamsService } from './teams.service.ts';

const Base = resourceController({
  kind: 'Team',
  manifest: TeamManifest,
  resource: Team,
  page: pageOf('TeamPage', Team),
});

@ApiTags('teams')
@Controller('teams')
export class TeamsController extends Base {
  constructor(override readonly service: TeamsService) {
    super();
  }
}
