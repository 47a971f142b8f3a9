import { CHAT_RULES, COMPLETIONS_RULES, EMBEDDINGS_RULES } from '@penstock/dialects';
import type { EndpointDefinition } from './endpoint.ts';
import { InferenceEndpoint, type InferenceServices } from './openai/inference-endpoint.ts';
import { ModelsEndpoint, type ModelsServices } from './openai/models-endpoint.ts';
import { DocumentEndpoint, UpgradeRefusalEndpoint } from './probe-endpoints.ts';

/** What stands under the context of every proxy. */
export function proxyEndpoints(services: InferenceServices & ModelsServices): readonly EndpointDefinition[] {
  const chat = new InferenceEndpoint('chat', CHAT_RULES, services);
  const completions = new InferenceEndpoint('completions', COMPLETIONS_RULES, services);
  const embeddings = new InferenceEndpoint('embeddings', EMBEDDINGS_RULES, services);
  const models = new ModelsEndpoint(services);
  return [
    { method: 'POST', path: '/chat/completions', versioned: true, endpoint: chat },
    { method: 'POST', path: '/completions', versioned: true, endpoint: completions },
    { method: 'POST', path: '/embeddings', versioned: true, endpoint: embeddings },
    { method: 'GET', path: '/models', versioned: true, endpoint: models },
    { method: 'GET', path: '/models/{id}', versioned: true, endpoint: models },
    { method: 'GET', path: '/responses', versioned: true, endpoint: new UpgradeRefusalEndpoint() },
    ...probes(),
  ];
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
