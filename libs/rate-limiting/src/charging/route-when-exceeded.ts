import { type Denial, deniersOf } from './limit-refusal.ts';

/** The model to which a denied request is sent instead; null when a limit denies that says nothing of it. */
export function routeWhenExceeded(denial: Denial): string | null {
  if (denial.unavailable) return null;
  let model: string | null = null;
  for (const { applicable } of deniersOf(denial)) {
    const { onExceeded } = applicable.limit;
    if (onExceeded === undefined || onExceeded === 'deny') return null;
    if (model === null || applicable === denial.exceeded.applicable) model = onExceeded.route;
  }
  return model;
}
