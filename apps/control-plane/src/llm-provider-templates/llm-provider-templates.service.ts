import { Injectable } from '@nestjs/common';
import {
  type LlmProviderTemplate,
  LlmProviderTemplateManifest,
  type LlmProviderTemplateSpec,
} from '@penstock/contracts';
import { AdminError, invalidField } from '../common/admin-error.ts';
import type { LlmProviderTemplate as TemplateRow } from '../prisma/generated/client.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { BUILT_IN_MANAGER } from './built-in-templates.ts';
import { toLlmProviderTemplate } from './llm-provider-template.mapper.ts';
import { llmProviderTemplatesRepository, templateReferences } from './llm-provider-templates.repository.ts';

const templateKind: ResourceKind<LlmProviderTemplateSpec, TemplateRow, LlmProviderTemplate> = {
  kind: 'LlmProviderTemplate',
  manifest: LlmProviderTemplateManifest,
  repository: llmProviderTemplatesRepository,
  toDocument: toLlmProviderTemplate,
  prepare,
  references: templateReferences,
  requireMutable(row) {
    if (row.builtIn) throw new AdminError('built_in', `The template '${row.name}' is built in; make one of your own.`);
  },
};

async function prepare(
  spec: LlmProviderTemplateSpec,
  { existing, name }: WriteContext<TemplateRow>,
): Promise<PreparedSpec> {
  if (spec.managedBy === BUILT_IN_MANAGER) {
    throw invalidField('spec.managedBy', `'${BUILT_IN_MANAGER}' is reserved for built-in templates`);
  }
  const stored = { ...spec, groupId: spec.groupId ?? name };
  const before = existing?.spec as LlmProviderTemplateSpec | undefined;
  for (const field of ['groupId', 'version'] as const) {
    if (before && before[field] !== stored[field]) throw invalidField(`spec.${field}`, `${field} is immutable`);
  }
  return { spec: stored, columns: {}, attach: async () => {} };
}

@Injectable()
export class LlmProviderTemplatesService extends ResourceService<
  LlmProviderTemplateSpec,
  TemplateRow,
  LlmProviderTemplate
> {
  constructor(tools: ResourceTools) {
    super(templateKind, tools);
  }
}
