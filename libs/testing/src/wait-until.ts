import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls until `probe` gives something other than undefined and false, and returns it. After `timeoutMs` it fails with
 * what was waited for and the last error.
 */
export async function waitUntil<Result>(
  what: string,
  probe: () => Result | Promise<Result>,
  { timeoutMs = 5000, intervalMs = 20 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<Exclude<Result, undefined | false>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined && result !== false) return result as Exclude<Result, undefined | false>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause });
    await delay(intervalMs);
  }
}
