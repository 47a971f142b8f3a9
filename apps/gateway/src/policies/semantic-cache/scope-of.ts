import { createHash } from 'node:crypto';
import type { BodyCall } from '../policy.ts';
import type { PolicyOwner } from '../policy-factory.ts';
import { tellingHeaders } from '../response-cache/cache-key.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';

/**
 * The name of those answers that may be given for one another: of one organization, proxy and place of the policy, of one caller, of one
 * model, to requests that are the same but for their text, compared by one embeddings model.
 */
export function scopeOf(
  call: BodyCall,
  owner: PolicyOwner,
  { rest, embeddings }: { readonly rest: string; readonly embeddings: readonly (string | number)[] },
): string {
  const { context, facts, metadata } = call;
  const named = [
    owner.organizationId,
    context.proxy?.id ?? '',
    owner.proxyId,
    owner.place,
    context.key?.id ?? null,
    context.route?.endpoint.operation ?? '',
    facts.model,
    facts.stream,
    metadata.get(SELECTED_PROVIDER) ?? '',
    ...tellingHeaders(call),
    ...embeddings,
  ];
  return createHash('sha256')
    .update(`${JSON.stringify(named)}\n`)
    .update(rest)
    .digest('base64url');
}
