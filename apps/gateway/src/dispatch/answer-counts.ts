import type { CompiledProvider } from '../config/compiled-config.ts';
import type { AttemptPlan } from './attempt-plan.ts';
import { CountingRelay } from './counting-relay.ts';

type CreateRelay = AttemptPlan['createRelay'];

/** Where an attempt goes. `path`: of the whole request, with its query. */
export interface AttemptPlace {
  readonly provider: Pick<CompiledProvider, 'extraction'>;
  readonly baseUrl: string;
  readonly path: string;
}

/** Lets tokens be counted where the provider's template says that they stand; most templates say nothing that their dialect does not. */
export function countingAnswers(createRelay: CreateRelay, { provider, baseUrl, path }: AttemptPlace): CreateRelay {
  if (!provider.extraction) return createRelay;
  const places = provider.extraction.of(pathBelow(baseUrl, path));
  if (!places) return createRelay;
  return (owner, head) => new CountingRelay(owner, { places, head }, (counting) => createRelay(counting, head));
}

/** `/chat/completions` of `/v1/chat/completions?a=b` at `https://host/v1`. */
function pathBelow(baseUrl: string, path: string): string {
  const base = new URL(baseUrl).pathname.replace(/\/+$/, '');
  const [own = ''] = path.split('?', 1);
  return base !== '' && own.startsWith(`${base}/`) ? own.slice(base.length) : own;
}
