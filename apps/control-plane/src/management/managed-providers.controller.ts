import { Controller, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type LlmProvider, LlmProviderManifest, type LlmProviderSpec } from '@penstock/contracts';
import { TakesPasswords } from '../auth/roles.ts';
import { LlmProvidersService } from '../llm-providers/llm-providers.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';
import { managementController } from './management-controller.ts';

const Base = managementController<LlmProviderSpec, LlmProvider>({
  manifest: LlmProviderManifest,
  noun: 'LLM provider',
  listKey: 'providers',
  filters: ['displayName', 'version', 'context', 'status', 'vhost'],
  isDeployable: true,
});

@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/llm-providers')
export class ManagedProvidersController extends Base {
  constructor(override readonly service: LlmProvidersService) {
    super();
  }
}
