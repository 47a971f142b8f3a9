import { Controller, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TakesPasswords } from '../auth/roles.ts';
import { apiKeysController } from './api-keys-controller.ts';
import { ApiKeysService } from './api-keys.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';

const Base = apiKeysController('LlmProxy');

/** API keys of proxies. */
@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/llm-proxies/:id/api-keys')
export class ProxyApiKeysController extends Base {
  constructor(override readonly service: ApiKeysService) {
    super();
  }
}
