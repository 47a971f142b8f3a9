import type { Quota, QuotaSpec } from '@penstock/contracts';
import { documentOf } from '../resources/document.ts';
import type { ResourceRow } from '../resources/resource-row.ts';

export function toQuota(row: ResourceRow): Quota {
  return documentOf('Quota', row, row.spec as QuotaSpec, {});
}
