import { GatewayError } from '@penstock/contracts';

/**
 * The name of a model as one segment of a path, whatever characters it has: where any model is accepted, callers choose it.
 * Throws `model_not_found` for the names that would lead out of their folder, escaped or not.
 */
export function pathSegment(model: string): string {
  if (model === '.' || model === '..') {
    throw new GatewayError('model_not_found', `The model '${model}' does not exist.`, { param: 'model' });
  }
  return encodeURIComponent(model);
}
