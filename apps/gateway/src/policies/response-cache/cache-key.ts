import { createHash } from 'node:crypto';
import type { BodyCall } from '../policy.ts';
import type { PolicyOwner } from '../policy-factory.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';
import { withoutStream } from './without-stream.ts';

export type CacheScope = 'key' | 'team' | 'organization';

/** Headers that change what a model is asked, or which one. */
const TELLING_HEADERS = ['x-provider', 'anthropic-version', 'anthropic-beta'] as const;

/** Of a request's headers what may change the answer: also what policies tell the upstream, such as a claim of the caller's token. */
export function tellingHeaders({ context, upstreamHeaders }: BodyCall): readonly unknown[] {
  const { headers } = context.request;
  const told = [...upstreamHeaders].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [...TELLING_HEADERS.map((name) => headers[name] ?? ''), ...told];
}

/**
 * The name of a request's answer: of the organization, of who shares it, and of everything that makes the answer. Null for what is
 * not kept: streams, counts of tokens, and requests of nobody unless all of the organization share.
 */
export function keyOf(call: BodyCall, scope: CacheScope, owner: PolicyOwner): string | null {
  const { context, facts, metadata, bytes } = call;
  const operation = context.route?.endpoint.operation;
  if (facts.stream || operation === undefined || operation === 'count-tokens') return null;
  const sharedBy = scope === 'organization' ? '' : scope === 'team' ? context.key?.teamId : context.key?.id;
  if (sharedBy === undefined) return null;
  const named = [
    owner.organizationId,
    owner.proxyId,
    owner.place,
    scope,
    sharedBy,
    operation,
    facts.model,
    metadata.get(SELECTED_PROVIDER) ?? '',
    ...tellingHeaders(call),
  ];
  return createHash('sha256')
    .update(`${JSON.stringify(named)}\n`)
    .update(withoutStream(bytes, facts))
    .digest('base64url');
}
