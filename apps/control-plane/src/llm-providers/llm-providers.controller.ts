import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LlmProvider, LlmProviderManifest, pageOf } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { LlmProvidersService } from './llm-providers.service.ts';

const Base = resourceController({
  kind: 'LlmProvider',
  manifest: LlmProviderManifest,
  resource: LlmProvider,
  page: pageOf('LlmProviderPage', LlmProvider),
});

@ApiTags('llm-providers')
@Controller('llm-providers')
export class LlmProvidersController extends Base {
  constructor(override readonly service: LlmProvidersService) {
    super();
  }
}
