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

const FIRST_VERSION = 'v1.0';
const RESERVED_MANAGERS: ReadonlySet<string> = new Set([BUILT_IN_MANAGER, 'wso2']);

const templateKind: ResourceKind<LlmProviderTemplateSpec, TemplateRow, LlmProviderTemplate> = {
  kind: 'LlmProviderTemplate',
  noun: 'template',
  manifest: LlmProviderTemplateManifest,
  repository: llmProviderTemplatesRepository,
  toDocument: toLlmProviderTemplate,
  prepare,
  references: templateReferences,
  // Every release brings its own.
  isExported: (row) => !row.builtIn,
  requireMutable(row) {
    if (row.builtIn) throw new AdminError('built_in', `The template '${row.name}' is built in; make one of your own.`);
  },
};

async function prepare(
  spec: LlmProviderTemplateSpec,
  { existing, name }: WriteContext<TemplateRow>,
): Promise<PreparedSpec> {
  if (RESERVED_MANAGERS.has(spec.managedBy)) {
    throw invalidField('spec.managedBy', `'${spec.managedBy}' is reserved for built-in templates`);
  }
  const before = existing?.spec as LlmProviderTemplateSpec | undefined;
  const groupId = spec.groupId ?? before?.groupId ?? name;
  const stored = { ...spec, groupId, version: spec.version ?? before?.version ?? FIRST_VERSION };
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
