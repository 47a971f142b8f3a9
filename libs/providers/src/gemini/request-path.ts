import { noSuchOperation } from '../http/no-such-operation.ts';
import { pathSegment } from '../http/path-segment.ts';
import type { UpstreamCall } from '../provider-adapter.ts';

const COLLECTION = /^(models|tunedModels)\//;

/** `models/x` of the model `x`; names that already say their collection keep it. */
export function geminiResource(upstreamModel: string): string {
  const [collection = 'models/'] = COLLECTION.exec(upstreamModel) ?? [];
  return collection + upstreamModel.replace(COLLECTION, '');
}

/** Where Gemini's API serves a request, below its version: the model stands in the path. */
export function geminiPath({ operation, upstreamModel, stream }: UpstreamCall): string {
  if (operation === 'completions') return noSuchOperation('gemini', operation);
  if (operation === 'models') return '/models?pageSize=1000';
  if (operation === 'embeddings') return '/openai/embeddings';
  const [collection = '', ...name] = geminiResource(upstreamModel).split('/');
  const model = `/${collection}/${pathSegment(name.join('/'))}`;
  if (operation === 'count-tokens') return `${model}:countTokens`;
  return stream ? `${model}:streamGenerateContent?alt=sse` : `${model}:generateContent`;
}
