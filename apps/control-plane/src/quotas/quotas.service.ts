import { Injectable } from '@nestjs/common';
import { type Quota, QuotaManifest, type QuotaSpec } from '@penstock/contracts';
import type { Quota as QuotaRow } from '../prisma/generated/client.ts';
import type { ResourceKind } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { toQuota } from './quota.mapper.ts';
import { quotaReferences, quotasRepository } from './quotas.repository.ts';

const quotaKind: ResourceKind<QuotaSpec, QuotaRow, Quota> = {
  kind: 'Quota',
  manifest: QuotaManifest,
  repository: quotasRepository,
  toDocument: toQuota,
  prepare: async (spec) => ({ spec, columns: {}, attach: async () => {} }),
  references: quotaReferences,
};

@Injectable()
export class QuotasService extends ResourceService<QuotaSpec, QuotaRow, Quota> {
  constructor(tools: ResourceTools) {
    super(quotaKind, tools);
  }
}
