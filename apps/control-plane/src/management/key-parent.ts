import { AdminError } from '../common/admin-error.ts';
import { llmProvidersRepository } from '../llm-providers/llm-providers.repository.ts';
import { llmProxiesRepository } from '../llm-proxies/llm-proxies.repository.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** What API keys belong to. */
export interface KeyParent {
  readonly kind: 'LlmProvider' | 'LlmProxy';
  readonly id: string;
  readonly name: string;
}

/** What each kind of parent is called in answers. */
export const PARENT_NOUNS = { LlmProvider: 'LLM provider', LlmProxy: 'LLM proxy' } as const;

/** The parent of this name; undefined where there is none. */
export async function findParent(
  client: Transaction,
  organizationId: string,
  { kind, name }: Pick<KeyParent, 'kind' | 'name'>,
): Promise<KeyParent | undefined> {
  const repository = kind === 'LlmProvider' ? llmProvidersRepository : llmProxiesRepository;
  const row = await repository.find(client, organizationId, name);
  return row && { kind, id: row.id, name };
}

/** Throws the 404. */
export async function requireParent(
  client: Transaction,
  organizationId: string,
  wanted: Pick<KeyParent, 'kind' | 'name'>,
): Promise<KeyParent> {
  const parent = await findParent(client, organizationId, wanted);
  if (!parent) throw new AdminError('not_found', `There is no ${PARENT_NOUNS[wanted.kind]} '${wanted.name}'.`);
  return parent;
}

/** The column that ties a key to its parent. */
export function parentColumn({ kind, id }: Pick<KeyParent, 'kind' | 'id'>) {
  return kind === 'LlmProvider' ? { parentProviderId: id } : { parentProxyId: id };
}

/** What a virtual key opens that is an API key of the parent. */
export function proxiesOf({ kind, name }: Pick<KeyParent, 'kind' | 'name'>): string[] {
  return kind === 'LlmProxy' ? [name] : [];
}
