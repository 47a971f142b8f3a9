import { checkBody } from '../checked.ts';
import { sampleVector } from '../sample-vector.ts';
import type { Handled, Vendor, VendorRequest } from '../vendor.ts';
import { brokenRule } from '../violation.ts';
import { ContentWriter } from './content-writer.ts';
import { failAsGemini, refuseAsGemini } from './errors.ts';
import { readAsked } from './read-asked.ts';
import { checkGenerate } from './rules.ts';
import {
  BatchEmbedContentsRequest,
  CountTokensRequest,
  type EmbedContentRequest,
  EmbedContentRequest as EmbedSchema,
  GenerateContentRequest,
} from './schema.ts';

const DEFAULT_DIMENSIONS = 16;

/** The Gemini API: contents, counting of tokens, embeddings. */
export const geminiVendor: Vendor = {
  name: 'gemini',
  handle(request, key) {
    const match = /^\/v1beta\/models\/([^/:]+):(\w+)$/.exec(decodeURIComponent(request.path));
    const [, model = '', method = ''] = match ?? [];
    const operation = operations.get(method);
    if (request.method !== 'POST' || !operation) return null;
    const sent = request.headers['x-goog-api-key'] ?? request.query.get('key');
    if (sent === null) return { kind: 'invalid', model, violations: [noCredentials] };
    if (key !== null && sent !== key) return { kind: 'refused', model, failure: failAsGemini('auth', model) };
    return operation(request, model);
  },
  refuse: (violations) => refuseAsGemini(violations),
  fail: (kind, _request, model) => failAsGemini(kind, model),
  headers: () => ({ server: 'scaffolding on HTTPServer2', vary: 'Origin' }),
};

const noCredentials = {
  path: ['x-goog-api-key'],
  kind: 'credentials',
  message: "Method doesn't allow unregistered callers (callers without established identity).",
} as const;

type Operation = (request: VendorRequest, model: string) => Handled;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['generateContent', (request, model) => generate(request, model, false)],
  ['streamGenerateContent', (request, model) => generate(request, model, true)],
  ['countTokens', countTokens],
  ['embedContent', embedContent],
  ['batchEmbedContents', batchEmbedContents],
]);

function generate(request: VendorRequest, model: string, stream: boolean): Handled {
  const { body, violations } = checkBody(GenerateContentRequest, request.body, (found) => [
    ...(stream && request.query.get('alt') !== 'sse'
      ? [brokenRule(['alt'], 'the simulation streams with alt=sse only')]
      : []),
    ...checkGenerate(found, model),
  ]);
  if (!body) return { kind: 'invalid', model, violations };
  const asked = readAsked(body, model, request.rawBody.length);
  const shows = body.generationConfig?.thinkingConfig?.includeThoughts === true;
  return { kind: 'generate', asked, writer: new ContentWriter(stream, shows) };
}

function countTokens(request: VendorRequest, model: string): Handled {
  const { body, violations } = checkBody(CountTokensRequest, request.body, (found) => {
    const inner = found.generateContentRequest;
    if (!inner === !found.contents) return [brokenRule([], 'one of contents and generate_content_request must be set')];
    return inner ? checkGenerate(inner, model) : [];
  });
  if (!body) return { kind: 'invalid', model, violations };
  const totalTokens = Math.ceil(request.rawBody.length / 4);
  const promptTokensDetails = [{ modality: 'TEXT', tokenCount: totalTokens }];
  return { kind: 'plain', model, inputTokens: totalTokens, body: { totalTokens, promptTokensDetails } };
}

function embedContent(request: VendorRequest, model: string): Handled {
  const { body, violations } = checkBody(EmbedSchema, request.body);
  if (!body) return { kind: 'invalid', model, violations };
  return { kind: 'plain', model, inputTokens: tokensOf([body]), body: { embedding: embeddingOf(body) } };
}

function batchEmbedContents(request: VendorRequest, model: string): Handled {
  const { body, violations } = checkBody(BatchEmbedContentsRequest, request.body, ({ requests }) =>
    requests.flatMap((one, index) =>
      one.model === `models/${model}`
        ? []
        : [brokenRule(['requests', index, 'model'], 'the model must match the batch')],
    ),
  );
  if (!body) return { kind: 'invalid', model, violations };
  return {
    kind: 'plain',
    model,
    inputTokens: tokensOf(body.requests),
    body: { embeddings: body.requests.map(embeddingOf) },
  };
}

function embeddingOf({ content, outputDimensionality }: EmbedContentRequest): { values: readonly number[] } {
  const text = content.parts.map((part) => part.text).join('\n');
  return { values: sampleVector(text, outputDimensionality ?? DEFAULT_DIMENSIONS) };
}

function tokensOf(requests: readonly EmbedContentRequest[]): number {
  return Math.ceil(JSON.stringify(requests.map(({ content }) => content)).length / 4);
}
