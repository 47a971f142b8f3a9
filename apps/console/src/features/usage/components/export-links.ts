import { usageParameters } from '../api/usage.ts';
import type { UsageView } from './usage-range.ts';

/** Files that the control plane writes of a view. */
export type UsageExport = 'export.csv' | 'focus.csv';

/** The address of an export of just what a view shows. The browser downloads it with the session's cookie. */
export function exportLink(file: UsageExport, { interval: _, groupBy: __, ...view }: UsageView): string {
  return `/api/v1/usage/${file}?${new URLSearchParams(usageParameters(view)).toString()}`;
}
