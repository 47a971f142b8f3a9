import { Inject, Injectable } from '@nestjs/common';
import type { ApiKeyDocument, ApiKeySpec } from '@penstock/contracts';
import type { DerivedKeys } from '@penstock/secrets';
import { KEYS } from '../config/config.module.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { ApiKeyDocumentKind } from './api-key-document-kind.ts';
import type { ApiKeyRow } from './api-key-documents.repository.ts';

/** API keys as documents, which manifests can hold. */
@Injectable()
export class ApiKeyDocumentsService extends ResourceService<ApiKeySpec, ApiKeyRow, ApiKeyDocument> {
  constructor(tools: ResourceTools, @Inject(KEYS) keys: DerivedKeys) {
    super(new ApiKeyDocumentKind(keys, tools.clock), tools);
  }
}
