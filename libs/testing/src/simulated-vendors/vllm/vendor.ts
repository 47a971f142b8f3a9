import { bearerKey } from '../bearer-key.ts';
import { modelOf } from '../model-of.ts';
import { handleCompletions } from '../openai-chat/handle-completions.ts';
import { handleChat, handleEmbeddings } from '../openai-chat/operations.ts';
import { familyOf } from '../turn/scenario.ts';
import type { Handled, Vendor, VendorRequest } from '../vendor.ts';
import { failAsVllm, refuseAsVllm, vllmError } from './errors.ts';
import { splitOwnFields } from './request-fields.ts';
import { VllmChatWriter } from './vllm-chat-writer.ts';

/** vLLM's OpenAI-compatible server: chat with shown reasoning, completions, embeddings. A family `text-only-` has no eyes. */
export const vllmVendor: Vendor = {
  name: 'vllm',
  handle(request, key) {
    const operation = operations.get(`${request.method} ${request.path}`);
    if (!operation) return null;
    const sent = bearerKey(request);
    const model = modelOf(request.body);
    if (sent === null) return { kind: 'invalid', model, violations: [noCredentials] };
    if (key !== null && sent !== key) return { kind: 'refused', model, failure: failAsVllm('auth', '') };
    return operation(request);
  },
  refuse: (violations) => refuseAsVllm(violations),
  fail: (kind, _request, model) => failAsVllm(kind, model),
  headers: () => ({ server: 'uvicorn' }),
};

const noCredentials = { path: ['authorization'], kind: 'credentials', message: 'Unauthorized' } as const;

const operations: ReadonlyMap<string, (request: VendorRequest) => Handled> = new Map([
  ['POST /v1/chat/completions', chat],
  ['POST /v1/completions', (request: VendorRequest) => handleCompletions(request, null)],
  ['POST /v1/embeddings', (request: VendorRequest) => handleEmbeddings(request, null)],
]);

function chat(request: VendorRequest): Handled {
  const model = modelOf(request.body);
  const { rest, violations } = splitOwnFields(request.body);
  if (violations.length > 0) return { kind: 'invalid', model, violations };
  const handled = handleChat(
    { ...request, body: rest },
    { model: null, rules: () => [], writer: (body) => new VllmChatWriter(body) },
  );
  const isBlind = familyOf(model ?? '').endsWith('text-only-');
  if (handled.kind !== 'generate' || !isBlind || handled.asked.media.length === 0) return handled;
  const failure = vllmError(400, 'BadRequestError', `${model} is not a multimodal model`);
  return { kind: 'refused', model, failure };
}
