import { SemanticCache } from '@penstock/contracts';
import type { JsonObject } from '@penstock/dialects';
import { CONVERSATIONS } from '@penstock/providers';
import type { RequestContext } from '../../http/request-context.ts';
import type { KnownStream } from '../known-stream.ts';
import type { BodyCall } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';
import { cacheWish } from '../response-cache/cache-wish.ts';
import { KeptStream } from './kept-stream.ts';
import { SimilarAnswers, type SoughtAnswer } from './similar-answers.ts';

const STATUS = 'x-cache-status';

/** A request whose answer is worth keeping. */
interface Miss {
  readonly sought: SoughtAnswer;
  answer: string | null;
  stream: KeptStream | null;
}

/**
 * Answers a request that means the same as one that was answered before from Redis. Whole answers and streams are kept, each for
 * its like, as they leave the policies that stand behind this one. Whatever fails, the model is asked.
 */
export const semanticCache = policyFactory(SemanticCache, (params, owner, services) => {
  const misses = new WeakMap<RequestContext, Miss>();
  const answers = new SimilarAnswers(params, owner, services);
  const { cacheUnauthenticated, maxEntryBytes } = params;
  return {
    name: SemanticCache.name,
    async onLookUp(call): Promise<JsonObject | KnownStream | undefined> {
      const wish = cacheWish(call);
      if (wish.storesNothing || !isKept(call) || (!call.context.key && !cacheUnauthenticated)) return undefined;
      const sought = await answers.seek(call);
      if (!sought) return undefined;
      const known = wish.asksAnew ? 'miss' : await answers.find(sought);
      const isHit = typeof known === 'object';
      services.onSemanticLookUp(isHit ? 'hit' : known);
      if (known === 'store-failed') return undefined;
      call.answerHeaders.set(STATUS, isHit ? 'HIT' : 'MISS');
      if (isHit) return known;
      misses.set(call.context, { sought, answer: null, stream: null });
      return undefined;
    },
    onAnswer({ context }, answer) {
      const miss = misses.get(context);
      if (miss) miss.answer = JSON.stringify(answer);
      return false;
    },
    createStreamFilter({ context }) {
      const miss = misses.get(context);
      if (miss) miss.stream = new KeptStream(maxEntryBytes);
      return miss?.stream ?? undefined;
    },
    onEnd({ context }, { outcome, status }) {
      const miss = misses.get(context);
      const answer = miss?.answer ?? miss?.stream?.text ?? null;
      if (!miss || answer === null || outcome !== 'completed' || status !== 200) return;
      if (Buffer.byteLength(answer) <= maxEntryBytes) answers.keep(miss.sought, answer);
    },
  };
});

/** Conversations, and whole completions: an embedding, and what is counted, has to be exact. */
function isKept({ context, facts }: BodyCall): boolean {
  const operation = context.route?.endpoint.operation;
  if (operation === 'completions') return !facts.stream;
  return operation !== undefined && operation !== 'relay' && CONVERSATIONS.has(operation);
}
