import type { Dialect, Operation } from '@penstock/contracts';
import type { ProviderAdapter, UpstreamCall, UpstreamRequest } from '../provider-adapter.ts';
import { splitBaseUrl } from './base-url.ts';
import { readOpenAiError } from './read-error.ts';

const PATHS: Partial<Record<Operation, string>> = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  models: '/models',
};

/** Answers are never asked for in a compressed form: they would have to be inflated to be metered. */
const COMMON_HEADERS = ['accept-encoding', 'identity', 'user-agent', 'penstock'] as const;

/** An adapter for a server that speaks OpenAI's API; vLLM and OpenAI itself are such. */
export function openAiCompatibleAdapter(template: string): ProviderAdapter {
  return {
    template,
    dialectFor: (operation): Dialect | undefined => (PATHS[operation] ? 'openai-chat' : undefined),
    buildRequest: buildOpenAiRequest,
    readError: readOpenAiError,
  };
}

/** Builds from an allow-list: no header of the client reaches the upstream. */
function buildOpenAiRequest(call: UpstreamCall): UpstreamRequest {
  const path = PATHS[call.operation];
  if (!path) throw new TypeError(`an OpenAI-compatible upstream has no operation '${call.operation}'`);
  const { origin, prefix } = splitBaseUrl(call.baseUrl);
  const headers: string[] = [...COMMON_HEADERS, 'x-request-id', call.requestId];
  headers.push('accept', call.stream ? 'text/event-stream' : 'application/json');
  if (call.body) headers.push('content-type', 'application/json');
  if (call.auth) headers.push(call.auth.header, call.auth.value);
  return { method: call.body ? 'POST' : 'GET', origin, path: prefix + path, headers, body: call.body };
}
