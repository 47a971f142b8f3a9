import type { ModelPrice, ModelPriceSpec } from '@penstock/contracts';
import { documentOf } from '../resources/document.ts';
import type { ResourceRow } from '../resources/resource-row.ts';

export function toModelPrice(row: ResourceRow): ModelPrice {
  return documentOf('ModelPrice', row, row.spec as ModelPriceSpec, {});
}
