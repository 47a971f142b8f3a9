import type { LlmProviderTemplate, LlmProviderTemplateSpec } from '@penstock/contracts';
import { documentOf } from '../resources/document.ts';
import type { ResourceRow } from '../resources/resource-row.ts';

export function toLlmProviderTemplate(row: ResourceRow): LlmProviderTemplate {
  return documentOf('LlmProviderTemplate', row, row.spec as LlmProviderTemplateSpec, {});
}
