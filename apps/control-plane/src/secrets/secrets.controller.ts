import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { pageOf, Secret, SecretManifest } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { SecretsService } from './secrets.service.ts';

const Base = resourceController({
  kind: 'Secret',
  manifest: SecretManifest,
  resource: Secret,
  page: pageOf('SecretPage', Secret),
});

@ApiTags('secrets')
@Controller('secrets')
export class SecretsController extends Base {
  constructor(override readonly service: SecretsService) {
    super();
  }
}
