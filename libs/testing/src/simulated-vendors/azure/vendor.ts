import { bearerKey } from '../bearer-key.ts';
import { refuseAsOpenAi } from '../openai-chat/errors.ts';
import { modelOf } from '../model-of.ts';
import { handleCompletions } from '../openai-chat/handle-completions.ts';
import { handleChat, handleEmbeddings } from '../openai-chat/operations.ts';
import type { ChatRequest } from '../openai-chat/schema.ts';
import { handleResponses } from '../openai-responses/operation.ts';
import type { Handled, Vendor, VendorRequest } from '../vendor.ts';
import { brokenRule, type Violation } from '../violation.ts';
import { AzureChatWriter } from './azure-chat-writer.ts';
import { failAsAzure, resourceNotFound } from './errors.ts';

/** The first version that knows `stream_options`. */
const FIRST_WITH_STREAM_OPTIONS = '2024-09-01';

/** Azure OpenAI: by deployment with `api-version`, and the newer `v1` paths. */
export const azureVendor: Vendor = {
  name: 'azure',
  handle(request, key) {
    const route = routeOf(request);
    if (route === null) return null;
    const sent = request.headers['api-key'] ?? bearerKey(request);
    const model = route.deployment ?? modelOf(request.body);
    if (sent === null || sent === undefined) return { kind: 'invalid', model, violations: [noCredentials] };
    if (key !== null && sent !== key) return { kind: 'refused', model, failure: failAsAzure('auth', '') };
    const version = request.query.get('api-version');
    if (route.versioned && !/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version ?? '')) {
      return { kind: 'invalid', model, violations: [noVersion] };
    }
    return answer(request, route, version ?? '');
  },
  refuse: (violations) => {
    if (violations[0] === noVersion) return resourceNotFound;
    return violations[0]?.kind === 'credentials' ? failAsAzure('auth', '') : refuseAsOpenAi(violations);
  },
  fail: (kind, _request, model) => failAsAzure(kind, model),
  headers: (id) => ({
    'apim-request-id': `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    'x-ms-region': 'Sweden Central',
    'x-ratelimit-remaining-requests': '99',
  }),
};

const noCredentials: Violation = { path: ['api-key'], kind: 'credentials', message: 'api-key is missing' };
const noVersion: Violation = brokenRule(['api-version'], 'api-version is missing or not a version');

interface Route {
  readonly operation: string;
  /** Names the model; null where the body does. */
  readonly deployment: string | null;
  /** Whether `api-version` is needed. */
  readonly versioned: boolean;
}

function routeOf({ method, path }: VendorRequest): Route | null {
  if (method !== 'POST') return null;
  const byDeployment = /^\/openai\/deployments\/([^/]+)\/((?:chat\/)?completions|embeddings)$/.exec(path);
  if (byDeployment) {
    return { operation: byDeployment[2] ?? '', deployment: decodeURIComponent(byDeployment[1] ?? ''), versioned: true };
  }
  if (path === '/openai/responses') return { operation: 'responses', deployment: null, versioned: true };
  const newer = /^\/openai\/v1\/((?:chat\/)?completions|embeddings|responses)$/.exec(path)?.[1];
  return newer === undefined ? null : { operation: newer, deployment: null, versioned: false };
}

function answer(request: VendorRequest, { operation, deployment, versioned }: Route, version: string): Handled {
  if (operation === 'responses') return handleResponses(request);
  if (operation === 'embeddings') return handleEmbeddings(request, deployment);
  if (operation === 'completions') return handleCompletions(request, deployment);
  return handleChat(request, {
    model: deployment,
    rules: (body) => (versioned ? checkVersion(body, version) : []),
    writer: (body) => new AzureChatWriter(body),
  });
}

function checkVersion({ stream_options: options }: ChatRequest, version: string): readonly Violation[] {
  if (options == null || version >= FIRST_WITH_STREAM_OPTIONS) return [];
  return [{ path: ['stream_options'], kind: 'unknown', message: 'unknown parameter' }];
}
