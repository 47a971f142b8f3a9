import type { Operation } from '@penstock/contracts';
import { PROXY_OPERATIONS } from '@penstock/providers';
import type { EndpointDefinition } from './endpoint.ts';
import { InferenceEndpoint, type InferenceServices } from './inference-endpoint.ts';
import type { KeyReadingServices } from './key-reading.ts';
import { KeyThrottle } from './key-throttle.ts';
import { LimitsEndpoint } from './limits-endpoint.ts';
import { ModelsEndpoint, type ModelsServices } from './models-endpoint.ts';
import { DocumentEndpoint, UpgradeRefusalEndpoint } from './probe-endpoints.ts';
import { COUNT_TOKENS_SURFACE, MESSAGES_SURFACE } from './surfaces/anthropic-surfaces.ts';
import { CONVERSE_SURFACE } from './surfaces/converse-surface.ts';
import { DEPLOYMENT_SURFACES } from './surfaces/deployment-surfaces.ts';
import { GENERATE_CONTENT_SURFACE } from './surfaces/generate-content-surface.ts';
import { CHAT_SURFACE, COMPLETIONS_SURFACE, EMBEDDINGS_SURFACE } from './surfaces/openai-surfaces.ts';
import { RESPONSES_SURFACE } from './surfaces/responses-surface.ts';
import { UsageEndpoint } from './usage-endpoint.ts';
import type { Surface } from './surfaces/surface.ts';

/** What offers each operation. */
export const SURFACES: ReadonlyMap<Operation, Surface> = new Map(
  [
    CHAT_SURFACE,
    COMPLETIONS_SURFACE,
    EMBEDDINGS_SURFACE,
    MESSAGES_SURFACE,
    COUNT_TOKENS_SURFACE,
    RESPONSES_SURFACE,
    GENERATE_CONTENT_SURFACE,
  ].map((surface) => [surface.operation, surface]),
);

/** What stands under the context of every proxy. */
export function proxyEndpoints(
  services: InferenceServices & ModelsServices & KeyReadingServices,
): readonly EndpointDefinition[] {
  const models = new ModelsEndpoint(services);
  const throttle = new KeyThrottle();
  return [
    ...PROXY_OPERATIONS.flatMap(({ path, versioned, operation }): EndpointDefinition[] => {
      const surface = SURFACES.get(operation);
      return surface ? [{ method: 'POST', path, versioned, endpoint: new InferenceEndpoint(surface, services) }] : [];
    }),
    { method: 'GET', path: '/models', versioned: true, endpoint: models },
    { method: 'GET', path: '/models/{id}', versioned: true, endpoint: models },
    { method: 'GET', path: '/limits', versioned: true, endpoint: new LimitsEndpoint(services, throttle) },
    { method: 'GET', path: '/usage', versioned: true, endpoint: new UsageEndpoint(services, throttle) },
    { method: 'GET', path: '/responses', versioned: true, endpoint: new UpgradeRefusalEndpoint() },
    ...probes(),
  ];
}

/** What stands under the contexts of providers beside all that, by template: the paths that the vendor itself has. */
export function vendorEndpoints(services: InferenceServices): ReadonlyMap<string, readonly EndpointDefinition[]> {
  const post = (path: string, surface: Surface): EndpointDefinition => ({
    method: 'POST',
    path,
    versioned: false,
    endpoint: new InferenceEndpoint(surface, services),
  });
  const deployments = [...DEPLOYMENT_SURFACES].map(([suffix, surface]) =>
    post(`/openai/deployments/{deployment}${suffix}`, surface),
  );
  return new Map([
    ['azure-openai', deployments],
    ['azureai-foundry', deployments],
    ['awsbedrock', [post('/model/{modelId}/converse', CONVERSE_SURFACE)]],
  ]);
}

/** What stands at the root whether there is a config or not. */
export function systemEndpoints(
  readiness: () => { readonly status: number; readonly body: object },
): readonly EndpointDefinition[] {
  const health = new DocumentEndpoint(() => ({ status: 200, body: { status: 'ok' } }));
  const ready = new DocumentEndpoint(readiness);
  return [
    { method: 'GET', path: '/health', versioned: false, endpoint: health },
    { method: 'HEAD', path: '/health', versioned: false, endpoint: health },
    { method: 'GET', path: '/ready', versioned: false, endpoint: ready },
    { method: 'HEAD', path: '/ready', versioned: false, endpoint: ready },
    ...probes(),
  ];
}

/** Coding agents ask these before they send anything. */
function probes(): readonly EndpointDefinition[] {
  const hello = new DocumentEndpoint(() => ({ status: 200, body: { status: 'ok' } }));
  return [
    { method: 'GET', path: '/api/hello', versioned: false, endpoint: hello },
    { method: 'HEAD', path: '/api/hello', versioned: false, endpoint: hello },
    { method: 'HEAD', path: '/', versioned: false, endpoint: hello },
    { method: 'HEAD', path: '', versioned: false, endpoint: hello },
  ];
}
