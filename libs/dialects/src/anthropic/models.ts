import { GatewayError } from '@penstock/contracts';
import type { JsonObject } from '../canonical/json.ts';

export interface ListedModel {
  readonly id: string;
  /** ISO 8601 UTC; absent: unknown. */
  readonly createdAt?: string;
}

/** Which part of the list is asked for: `limit` of the query, `after_id` or `before_id`. */
export interface ModelsPage {
  /** 1 to 1000; absent: 1000, since few clients turn pages. */
  readonly limit?: number;
  readonly afterId?: string;
  readonly beforeId?: string;
}

const MAX_LIMIT = 1000;
/** What Anthropic says of a model whose age is unknown. */
const UNKNOWN_TIME = '1970-01-01T00:00:00Z';

/** A model in Anthropic's shape, with every field that official SDKs call required. */
export function renderAnthropicModel({ id, createdAt }: ListedModel): JsonObject {
  return {
    type: 'model',
    id,
    display_name: id,
    created_at: createdAt ?? UNKNOWN_TIME,
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: null,
    max_tokens: null,
    retires_at: null,
  };
}

/** A page of the list. Throws `invalid_request` for a model that is not listed, or for a limit out of its bounds. */
export function renderAnthropicModels(models: readonly ListedModel[], page: ModelsPage = {}): JsonObject {
  const between = modelsBetween(models, page);
  const limit = limitOf(page);
  // Backwards, it is the models next to the given one that are wanted.
  const data = isBackwards(page) ? between.slice(-limit) : between.slice(0, limit);
  return {
    data: data.map(renderAnthropicModel),
    has_more: data.length < between.length,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

function isBackwards({ afterId, beforeId }: ModelsPage): boolean {
  return beforeId !== undefined && afterId === undefined;
}

function modelsBetween(models: readonly ListedModel[], { afterId, beforeId }: ModelsPage): readonly ListedModel[] {
  const from = afterId === undefined ? 0 : indexOf(models, afterId, 'after_id') + 1;
  return models.slice(from, beforeId === undefined ? models.length : indexOf(models, beforeId, 'before_id'));
}

function limitOf({ limit = MAX_LIMIT }: ModelsPage): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new GatewayError('invalid_request', `'limit' must be an integer from 1 to ${MAX_LIMIT}.`, { param: 'limit' });
}

function indexOf(models: readonly ListedModel[], id: string, param: string): number {
  const index = models.findIndex((model) => model.id === id);
  if (index < 0) throw new GatewayError('invalid_request', `'${param}' names no model of the list.`, { param });
  return index;
}
