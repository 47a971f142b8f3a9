import { Controller, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Secret, SecretManifest, type SecretSpec } from '@penstock/contracts';
import { TakesPasswords } from '../auth/roles.ts';
import { SecretsService } from '../secrets/secrets.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';
import { managementController } from './management-controller.ts';

const Base = managementController<SecretSpec, Secret>({
  manifest: SecretManifest,
  noun: 'secret',
  listKey: 'secrets',
  filters: [],
  isDeployable: false,
});

@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/secrets')
export class ManagedSecretsController extends Base {
  constructor(override readonly service: SecretsService) {
    super();
  }
}
