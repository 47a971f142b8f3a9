import { Controller, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TakesPasswords } from '../auth/roles.ts';
import { apiKeysController } from './api-keys-controller.ts';
import { ApiKeysService } from './api-keys.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';

const Base = apiKeysController('LlmProvider');

/** API keys of providers. */
@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/llm-providers/:id/api-keys')
export class ProviderApiKeysController extends Base {
  constructor(override readonly service: ApiKeysService) {
    super();
  }
}
