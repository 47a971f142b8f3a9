import { Controller, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  type LlmProviderTemplate,
  LlmProviderTemplateManifest,
  type LlmProviderTemplateSpec,
} from '@penstock/contracts';
import { TakesPasswords } from '../auth/roles.ts';
import { LlmProviderTemplatesService } from '../llm-provider-templates/llm-provider-templates.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';
import { managementController } from './management-controller.ts';

const Base = managementController<LlmProviderTemplateSpec, LlmProviderTemplate>({
  manifest: LlmProviderTemplateManifest,
  noun: 'LLM provider template',
  listKey: 'templates',
  filters: ['displayName'],
  isDeployable: true,
});

@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/llm-provider-templates')
export class ManagedTemplatesController extends Base {
  constructor(override readonly service: LlmProviderTemplatesService) {
    super();
  }
}
