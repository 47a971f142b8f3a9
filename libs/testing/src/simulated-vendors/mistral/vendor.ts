import { bearerKey } from '../bearer-key.ts';
import { checkBody } from '../checked.ts';
import { modelOf } from '../model-of.ts';
import { sampleVector, vectorAsBase64 } from '../sample-vector.ts';
import type { Handled, Vendor, VendorRequest } from '../vendor.ts';
import { MistralChatWriter } from './chat-writer.ts';
import { failAsMistral, refuseAsMistral } from './errors.ts';
import { readAsked, readFim } from './read-asked.ts';
import { checkChat } from './rules.ts';
import { ChatRequest, EmbeddingsRequest, FimRequest } from './schema.ts';

const DEFAULT_DIMENSIONS = 16;

/** Mistral's API: chat, filling in the middle, embeddings. */
export const mistralVendor: Vendor = {
  name: 'mistral',
  handle(request, key) {
    const operation = operations.get(`${request.method} ${request.path}`);
    if (!operation) return null;
    const sent = bearerKey(request);
    const model = modelOf(request.body);
    const missing = { path: ['authorization'], kind: 'credentials', message: 'Unauthorized' } as const;
    if (sent === null) return { kind: 'invalid', model, violations: [missing] };
    if (key !== null && sent !== key) return { kind: 'refused', model, failure: failAsMistral('auth', '') };
    return operation(request);
  },
  refuse: (violations) => refuseAsMistral(violations),
  fail: (kind, _request, model) => failAsMistral(kind, model),
  headers: (id) => ({ 'mistral-correlation-id': `01900000-0000-7000-8000-${String(id).padStart(12, '0')}` }),
};

const operations: ReadonlyMap<string, (request: VendorRequest) => Handled> = new Map([
  ['POST /v1/chat/completions', chat],
  ['POST /v1/fim/completions', fillIn],
  ['POST /v1/embeddings', embed],
]);

function chat(request: VendorRequest): Handled {
  const { body, violations } = checkBody(ChatRequest, request.body, checkChat);
  if (!body) return { kind: 'invalid', model: modelOf(request.body), violations };
  const last = body.messages.at(-1);
  const prefix = last?.role === 'assistant' && typeof last.content === 'string' ? last.content : '';
  const writer = new MistralChatWriter(body.stream === true, prefix);
  return { kind: 'generate', asked: readAsked(body, request.rawBody.length), writer };
}

function fillIn(request: VendorRequest): Handled {
  const { body, violations } = checkBody(FimRequest, request.body);
  if (!body) return { kind: 'invalid', model: modelOf(request.body), violations };
  const writer = new MistralChatWriter(body.stream === true, '');
  return { kind: 'generate', asked: readFim(body, request.rawBody.length), writer };
}

function embed(request: VendorRequest): Handled {
  const { body, violations } = checkBody(EmbeddingsRequest, request.body);
  if (!body) return { kind: 'invalid', model: modelOf(request.body), violations };
  const inputs = typeof body.input === 'string' ? [body.input] : body.input;
  const inputTokens = inputs.reduce((sum, input) => sum + Math.ceil(input.length / 4), 0);
  const data = inputs.map((input, index) => {
    const vector = sampleVector(input, body.output_dimension ?? DEFAULT_DIMENSIONS);
    return {
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? vectorAsBase64(vector) : vector,
    };
  });
  const usage = { prompt_tokens: inputTokens, total_tokens: inputTokens, completion_tokens: 0 };
  const answer = { id: 'simulated', object: 'list', data, model: body.model, usage };
  return { kind: 'plain', model: body.model, inputTokens, body: answer };
}
