const FIRST_RETRY_MS = 10_000;
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
/** Retries are spread by a fifth, so that those of one outage do not come back at once. */
const SPREAD = 0.2;

/**
 * When a delivery is tried again after its `attempts`-th attempt has failed: ten seconds later, then twice as long each time;
 * undefined when that would be more than a day after the alert. `random` is from 0 up to 1.
 */
export function nextAttemptAt(
  { attempts, firedAtMs, nowMs }: { readonly attempts: number; readonly firedAtMs: number; readonly nowMs: number },
  random: number,
): number | undefined {
  const waitMs = FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20) * (1 - SPREAD / 2 + SPREAD * random);
  const at = Math.round(nowMs + waitMs);
  return at > firedAtMs + GIVE_UP_AFTER_MS ? undefined : at;
}
