import type { IncomingMessage } from 'node:http';
import { renderAnthropicModel, renderAnthropicModels } from '@penstock/dialects';
import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import { speaksAnthropic } from '../http/speaks-anthropic.ts';
import { writeWhole } from '../http/write-response.ts';
import type { Authentication } from '../pipeline/authenticate.ts';
import { modelNotFound } from '../pipeline/authorize.ts';
import { identifyCaller, needsKey } from '../pipeline/identify-caller.ts';
import type { UpstreamModelLists } from '../upstream/upstream-model-lists.ts';
import type { Endpoint } from './endpoint.ts';
import { listUsableModels, type UsableModel } from './list-usable-models.ts';

export interface ModelsServices {
  readonly authentication: Authentication;
  readonly modelLists: UpstreamModelLists;
}

/** `GET /v1/models` and `GET /v1/models/{id}`: what the key may use, and nothing about what it may not. */
export class ModelsEndpoint implements Endpoint {
  readonly operation = 'models';
  readonly #services: ModelsServices;

  constructor(services: ModelsServices) {
    this.#services = services;
  }

  async handle(context: RequestContext): Promise<void> {
    const { proxy, request, config, parameter } = context;
    if (!proxy) throw new TypeError('the models endpoint stands only under a proxy');
    if (needsKey(context, proxy)) identifyCaller(context, proxy, this.#services.authentication);
    const startedAt = performance.now();
    const models = await listUsableModels({ key: context.key, proxy, config }, this.#services.modelLists);
    context.waitedMs += performance.now() - startedAt;
    const model = models.find(({ id }) => id === parameter);
    if (parameter !== '' && !model) throw modelNotFound(parameter);
    const answer = speaksAnthropic(context) ? anthropicAnswer(models, model, request) : openAiAnswer(models, model);
    writeWhole(context.response, 200, answerHeaders(context, 'application/json'), Buffer.from(JSON.stringify(answer)));
  }
}

function openAiAnswer(models: readonly UsableModel[], model: UsableModel | undefined): object {
  return model ?? { object: 'list', data: models };
}

function anthropicAnswer(
  models: readonly UsableModel[],
  model: UsableModel | undefined,
  request: IncomingMessage,
): object {
  if (model) return renderAnthropicModel(model);
  const query = new URLSearchParams(request.url?.split('?', 2)[1]);
  const limit = query.get('limit');
  const [afterId, beforeId] = [query.get('after_id'), query.get('before_id')];
  return renderAnthropicModels(models, {
    ...(limit !== null && { limit: Number(limit) }),
    ...(afterId !== null && { afterId }),
    ...(beforeId !== null && { beforeId }),
  });
}
