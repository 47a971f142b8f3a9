import { AdminError } from '../common/admin-error.ts';
import { type ContextHolder, obstacleTo, vacateContexts } from '../llm-proxies/free-context.ts';
import type { Restoration } from './restoration.ts';

/** A document of then that was reached under a context. */
interface Wanted {
  readonly kind: ContextHolder['kind'];
  readonly name: string;
  readonly context: string;
  readonly vhost: string;
}

/**
 * Documents may have swapped their contexts, so those that are to be others' are vacated first: proxies and providers alike.
 * Throws the 409 for one that was taken since.
 */
export async function freePlaces({ earlier, transaction, organizationId }: Restoration): Promise<void> {
  const wanted: readonly Wanted[] = [
    ...earlier.providers.flatMap(({ name, context, vhost = '' }) =>
      context === undefined ? [] : { kind: 'LlmProvider' as const, name, context, vhost },
    ),
    ...earlier.proxies.map(({ name, context, vhost = '' }) => ({ kind: 'LlmProxy' as const, name, context, vhost })),
  ];
  const restored = new Set([
    ...earlier.providers.map(({ name }) => `LlmProvider ${name}`),
    ...earlier.proxies.map(({ name }) => `LlmProxy ${name}`),
  ]);
  for (const { kind, name, ...place } of wanted) {
    const obstacle = await obstacleTo(transaction, place, { kind, organizationId, name });
    if (!obstacle) continue;
    const { owner, own } = obstacle;
    if (!own || !restored.has(`${own.kind} ${own.name}`)) {
      throw new AdminError(
        'conflict',
        `The context '${place.context}' of ${kind} '${name}' belongs to ${owner} by now.`,
      );
    }
    await vacateContexts(transaction, [own]);
  }
}
