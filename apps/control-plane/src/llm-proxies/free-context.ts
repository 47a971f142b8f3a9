import { AdminError } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { WriteContext } from '../resources/resource-kind.ts';

/** What a document is reached under: a path, on one host or on all of them (empty). */
export interface ContextPlace {
  readonly context: string;
  readonly vhost: string;
}

/** The proxy or provider that has a place. */
export interface ContextHolder {
  readonly kind: 'LlmProvider' | 'LlmProxy';
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
}

/** The columns of a spec's place; a provider without a context has none. */
export function placeColumns<Context extends string | undefined>(spec: {
  readonly context?: Context;
  readonly vhost?: string | undefined;
}): { readonly context: Exclude<Context, undefined> | null; readonly vhost: string } {
  return { context: (spec.context ?? null) as Exclude<Context, undefined> | null, vhost: spec.vhost ?? '' };
}

/** Gateways serve every organization, so there is one holder over all of them. */
async function holderOf(transaction: Transaction, place: ContextPlace): Promise<ContextHolder | undefined> {
  const { context, vhost } = place;
  const select = { id: true, organizationId: true, name: true };
  const proxy = await transaction.llmProxy.findFirst({ where: { context, vhost }, select });
  if (proxy) return { kind: 'LlmProxy', ...proxy };
  const provider = await transaction.llmProvider.findFirst({ where: { context, vhost }, select });
  return provider ? { kind: 'LlmProvider', ...provider } : undefined;
}

/** What stands between a context and another one under which some of its operations would be answered: `/team` and `/team/v1`. */
const SHARED_SUFFIXES = ['/v1', '/chat', '/v1/chat'] as const;

/**
 * The holder in another organization whose callers would be answered here, or the other way round: on hosts that both stand on, a
 * document for one host goes before one for all, and a longer context before a shorter one. Within an organization that is its own
 * choice; nobody may take the requests of another one.
 */
async function foreignHolderOf(
  transaction: Transaction,
  { context, vhost }: ContextPlace,
  organizationId: string,
): Promise<ContextHolder['kind'] | undefined> {
  const where = { organizationId: { not: organizationId }, context: { in: relatedContexts(context) } };
  const select = { vhost: true };
  const meets = (other: { readonly vhost: string }): boolean => sharesHosts(vhost, other.vhost);
  if ((await transaction.llmProxy.findMany({ where, select })).some(meets)) return 'LlmProxy';
  return (await transaction.llmProvider.findMany({ where, select })).some(meets) ? 'LlmProvider' : undefined;
}

function relatedContexts(context: string): string[] {
  const prefix = context === '/' ? '' : context;
  const longer = SHARED_SUFFIXES.map((suffix) => prefix + suffix);
  const shorter = SHARED_SUFFIXES.filter((suffix) => prefix.endsWith(suffix));
  return [context, ...longer, ...shorter.map((suffix) => prefix.slice(0, -suffix.length) || '/')];
}

/** Whether there is a host that both stand for; empty stands for all, `*.example.com` for all below. */
function sharesHosts(one: string, other: string): boolean {
  return one === '' || other === '' || one === other || covers(one, other) || covers(other, one);
}

const covers = (wildcard: string, host: string): boolean =>
  wildcard.startsWith('*.') && host.endsWith(wildcard.slice(1));

/** Who keeps a document from a place. */
export interface Obstacle {
  /** As refusals name it: another organization's document is not named. */
  readonly owner: string;
  /** Where the document is one of the same organization. */
  readonly own: ContextHolder | undefined;
}

/** Who keeps a document of the organization from a place; undefined: it has it already, or may take it. */
export async function obstacleTo(
  transaction: Transaction,
  place: ContextPlace,
  wanted: Pick<ContextHolder, 'kind' | 'organizationId' | 'name'>,
): Promise<Obstacle | undefined> {
  const holder = await holderOf(transaction, place);
  const own = holder?.organizationId === wanted.organizationId ? holder : undefined;
  // What it has it keeps.
  if (own && own.kind === wanted.kind && own.name === wanted.name) return undefined;
  const foreign = await foreignHolderOf(transaction, place, wanted.organizationId);
  if (foreign) return { owner: `another ${foreign}`, own: undefined };
  return own && { owner: `${own.kind} '${own.name}'`, own };
}

/** Throws the 409 that names who has the context. */
export async function requireFreeContext(
  kind: ContextHolder['kind'],
  spec: { readonly context?: string | undefined; readonly vhost?: string | undefined },
  { transaction, name, actor }: Pick<WriteContext<unknown>, 'transaction' | 'name' | 'actor'>,
): Promise<void> {
  const { context, vhost = '' } = spec;
  if (context === undefined) return;
  const { organizationId } = actor;
  const obstacle = await obstacleTo(transaction, { context, vhost }, { kind, organizationId, name });
  if (!obstacle) return;
  const { owner } = obstacle;
  const host = vhost === '' ? '' : ` on the host '${vhost}'`;
  throw new AdminError('conflict', `The context '${context}'${host} belongs to ${owner}.`, {
    errors: [{ field: 'spec.context', message: `belongs to ${owner}` }],
  });
}

/** Frees the contexts of these documents for others, until each of them is written again in the same transaction. */
export async function vacateContexts(
  transaction: Transaction,
  holders: readonly Pick<ContextHolder, 'kind' | 'id'>[],
): Promise<void> {
  for (const { kind, id } of holders) {
    if (kind === 'LlmProvider') await transaction.llmProvider.update({ where: { id }, data: { context: null } });
    // No context of a document looks like this.
    else await transaction.llmProxy.update({ where: { id }, data: { context: `vacated:${id}` } });
  }
}
