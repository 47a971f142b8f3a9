import { bearerKey } from '../bearer-key.ts';
import { handleResponses } from '../openai-responses/operation.ts';
import { behaviours } from '../turn/scenario.ts';
import type { Handled, Vendor, VendorRequest } from '../vendor.ts';
import { ChatWriter } from './chat-writer.ts';
import { failAsOpenAi, refuseAsOpenAi } from './errors.ts';
import { modelOf } from '../model-of.ts';
import { handleCompletions } from './handle-completions.ts';
import { handleChat, handleEmbeddings } from './operations.ts';

/** OpenAI's API: chat, Responses, embeddings, list of models. */
export const openAiVendor: Vendor = {
  name: 'openai',
  handle(request, key) {
    const operation = operations.get(`${request.method} ${request.path}`);
    if (!operation) return null;
    const sent = bearerKey(request);
    const model = modelOf(request.body);
    if (sent === null) return { kind: 'invalid', model, violations: [noCredentials] };
    if (key !== null && sent !== key) return { kind: 'refused', model, failure: failAsOpenAi('auth', '') };
    return operation(request);
  },
  refuse: (violations) => refuseAsOpenAi(violations),
  fail: (kind, _request, model) => failAsOpenAi(kind, model),
  headers: (id) => ({
    'x-request-id': `req_${String(id).padStart(32, '0')}`,
    'openai-organization': 'simulated',
    'openai-processing-ms': '12',
    'openai-version': '2020-10-01',
  }),
};

const noCredentials = {
  path: ['authorization'],
  kind: 'credentials',
  message: "You didn't provide an API key.",
} as const;

const operations: ReadonlyMap<string, (request: VendorRequest) => Handled> = new Map<
  string,
  (request: VendorRequest) => Handled
>([
  [
    'POST /v1/chat/completions',
    (request) => handleChat(request, { model: null, rules: () => [], writer: (body) => new ChatWriter(body) }),
  ],
  ['POST /v1/completions', (request) => handleCompletions(request, null)],
  ['POST /v1/responses', (request) => handleResponses(request)],
  ['POST /v1/embeddings', (request) => handleEmbeddings(request, null)],
  ['GET /v1/models', listModels],
]);

function listModels(): Handled {
  const data = behaviours.map((name) => ({
    id: `sim-${name}`,
    object: 'model',
    created: 1_795_262_400,
    owned_by: 'system',
  }));
  return { kind: 'plain', model: null, inputTokens: 0, body: { object: 'list', data } };
}
