import { setImmediate } from 'node:timers/promises';

/** How long others wait, as long as no single step takes longer: a request passes through the event loop several times. */
const SLICE_MS = 1;

/** Runs steps in slices of one millisecond: between them everything else that is due in the process takes place. */
export async function runGradually<T>(steps: Generator<void, T>): Promise<T> {
  let restAt = performance.now() + SLICE_MS;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (performance.now() < restAt) continue;
    await setImmediate();
    restAt = performance.now() + SLICE_MS;
  }
}

/** Runs steps without a pause. */
export function runAtOnce<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
