import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LlmProviderTemplate, LlmProviderTemplateManifest, pageOf } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { LlmProviderTemplatesService } from './llm-provider-templates.service.ts';

const Base = resourceController({
  kind: 'LlmProviderTemplate',
  manifest: LlmProviderTemplateManifest,
  resource: LlmProviderTemplate,
  page: pageOf('LlmProviderTemplatePage', LlmProviderTemplate),
});

@ApiTags('llm-provider-templates')
@Controller('llm-provider-templates')
export class LlmProviderTemplatesController extends Base {
  constructor(override readonly service: LlmProviderTemplatesService) {
    super();
  }
}
