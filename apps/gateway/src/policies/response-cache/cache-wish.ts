import type { BodyCall } from '../policy.ts';

/** What a request wants of caches. */
export interface CacheWish {
  readonly asksAnew: boolean;
  readonly storesNothing: boolean;
}

/** `Cache-Control` of a request (RFC 9111 §5.2.1). */
export function cacheWish({ context }: BodyCall): CacheWish {
  const directives = (context.request.headers['cache-control'] ?? '').split(',').map((one) => one.trim().toLowerCase());
  return { asksAnew: directives.includes('no-cache'), storesNothing: directives.includes('no-store') };
}
