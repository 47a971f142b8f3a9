import { setTimeout as delay } from 'node:timers/promises';

/** Waits; sooner over when `signal` says so, which is no error. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
