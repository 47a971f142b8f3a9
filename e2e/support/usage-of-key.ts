import { waitUntil } from '@penstock/testing';
import type { UsageTotals } from '@penstock/contracts';
import type { AdminApi } from './admin-api.ts';

/** The sums of a key as soon as they hold this many requests; a request that ended is in them within five seconds. */
export function usageWhenComplete(
  admin: AdminApi,
  key: string,
  { requests, timeoutMs = 5_000 }: { readonly requests: number; readonly timeoutMs?: number },
): Promise<UsageTotals> {
  const probe = async (): Promise<UsageTotals | undefined> => {
    const usage = await admin.usageOfKey(key);
    return usage && usage.requests >= requests ? usage : undefined;
  };
  return waitUntil(`${requests} requests in the usage of ${key}`, probe, { timeoutMs, intervalMs: 100 });
}
