import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LlmProxy, LlmProxyManifest, pageOf } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { LlmProxiesService } from './llm-proxies.service.ts';

const Base = resourceController({
  kind: 'LlmProxy',
  manifest: LlmProxyManifest,
  resource: LlmProxy,
  page: pageOf('LlmProxyPage', LlmProxy),
});

@ApiTags('llm-proxies')
@Controller('llm-proxies')
export class LlmProxiesController extends Base {
  constructor(override readonly service: LlmProxiesService) {
    super();
  }
}
