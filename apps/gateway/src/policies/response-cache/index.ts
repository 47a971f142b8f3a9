import { ResponseCache } from '@penstock/contracts';
import type { RequestContext } from '../../http/request-context.ts';
import { policyFactory } from '../policy-factory.ts';
import { keyOf } from './cache-key.ts';
import { cacheWish } from './cache-wish.ts';
import { readKept } from './read-kept.ts';

const STATUS = 'x-cache';

/** A request whose answer is worth keeping. */
interface Miss {
  readonly key: string;
  answer: string | null;
}

/**
 * Answers a request that was answered before from Redis. Only whole answers are kept, as they leave the policies that stand behind
 * this one. Without Redis, or when it takes too long, every request is a miss.
 */
export const responseCache = policyFactory(ResponseCache, (params, owner, { answers, onCacheLookUp }) => {
  const { ttlSeconds, maxEntryBytes, scope } = params;
  const misses = new WeakMap<RequestContext, Miss>();
  answers?.open();
  return {
    name: ResponseCache.name,
    async onLookUp(call) {
      const wish = cacheWish(call);
      if (!answers || wish.storesNothing) return undefined;
      const key = keyOf(call, scope, owner);
      if (key === null) return undefined;
      const known = wish.asksAnew ? null : readKept(await answers.get(key));
      onCacheLookUp(known === null ? 'miss' : 'hit');
      call.answerHeaders.set(STATUS, known === null ? 'MISS' : 'HIT');
      if (known !== null) return known;
      misses.set(call.context, { key, answer: null });
      return undefined;
    },
    onAnswer({ context }, answer) {
      const miss = misses.get(context);
      if (miss) miss.answer = JSON.stringify(answer);
      return false;
    },
    onEnd({ context }, { outcome, status }) {
      const miss = misses.get(context);
      if (!miss || miss.answer === null || outcome !== 'completed' || status !== 200) return;
      if (Buffer.byteLength(miss.answer) <= maxEntryBytes) answers?.set(miss.key, miss.answer, ttlSeconds);
    },
  };
});
