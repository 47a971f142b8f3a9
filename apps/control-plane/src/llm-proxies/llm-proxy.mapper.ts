import type { LlmProxy, LlmProxySpec } from '@penstock/contracts';
import { documentOf } from '../resources/document.ts';
import type { ResourceRow } from '../resources/resource-row.ts';

export function toLlmProxy(row: ResourceRow): LlmProxy {
  const spec = row.spec as LlmProxySpec;
  return documentOf('LlmProxy', row, spec, { state: spec.deploymentState });
}
