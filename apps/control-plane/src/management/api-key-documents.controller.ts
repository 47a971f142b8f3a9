import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiKeyDocument, ApiKeyManifest, pageOf } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { ApiKeyDocumentsService } from './api-key-documents.service.ts';

const Base = resourceController({
  kind: 'ApiKey',
  manifest: ApiKeyManifest,
  resource: ApiKeyDocument,
  page: pageOf('ApiKeyPage', ApiKeyDocument),
});

/** API keys that are documents; those of the management surface are not. */
@ApiTags('api-keys')
@Controller('api-keys')
export class ApiKeyDocumentsController extends Base {
  constructor(override readonly service: ApiKeyDocumentsService) {
    super();
  }
}
