import type { LlmProxy, LlmProxySpec } from '@penstock/contracts';
import { documentOf } from '../resources/document.ts';
import type { ResourceRow } from '../resources/resource-row.ts';

export function toLlmProxy(row: ResourceRow): LlmProxy {
  // Earlier releases have stored nothing about unsupported parameters.
  const stored = row.spec as Omit<LlmProxySpec, 'unsupportedParameters'>;
  const spec: LlmProxySpec = { unsupportedParameters: 'lenient', ...stored };
  return documentOf('LlmProxy', row, spec, { state: spec.deploymentState });
}
