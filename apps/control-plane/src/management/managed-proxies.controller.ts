import { Controller, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type LlmProxy, LlmProxyManifest, type LlmProxySpec } from '@penstock/contracts';
import { TakesPasswords } from '../auth/roles.ts';
import { LlmProxiesService } from '../llm-proxies/llm-proxies.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';
import { managementController } from './management-controller.ts';

const Base = managementController<LlmProxySpec, LlmProxy>({
  manifest: LlmProxyManifest,
  noun: 'LLM proxy',
  listKey: 'proxies',
  filters: ['displayName', 'version', 'context', 'status', 'vhost'],
  isDeployable: true,
});

@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/llm-proxies')
export class ManagedProxiesController extends Base {
  constructor(override readonly service: LlmProxiesService) {
    super();
  }
}
