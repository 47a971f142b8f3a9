import type { LlmProviderSpec, ModelPriceSpec } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';

/** Ids that a message lists at most. */
const MAX_NAMED = 20;

/** A price goes by the provider's own id of a model. Throws the 400 for one that the provider does not declare, if it declares any. */
export function requireDeclaredModel({ provider, model }: ModelPriceSpec, { models }: LlmProviderSpec): void {
  if (!models || models.some(({ id }) => id === model)) return;
  const ids = models.map(({ id }) => `'${id}'`);
  const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
  const known = ids.length === 0 ? 'it has none' : `it has ${ids.slice(0, MAX_NAMED).join(', ')}${more}`;
  const upstream = models.find(({ upstreamModel }) => upstreamModel === model);
  const hint = upstream ? ` ('${upstream.id}' is the one that it calls '${model}' upstream)` : '';
  throw invalidField('spec.model', `LlmProvider '${provider}' has no model with the id '${model}'; ${known}${hint}`);
}
